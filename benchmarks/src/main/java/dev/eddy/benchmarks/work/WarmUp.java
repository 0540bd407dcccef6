package dev.eddy.benchmarks.work;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongConsumer;

/**
 * Repeats an operation until the JIT compiler has nothing more to do for it. A time alone does not
 * say that: where others use the cores, compilations take tens of times as long.
 */
final class WarmUp {
  /**
   * No compilation ended while the operation had a core for so long. The compiler's thread has the
   * same share of the cores, so none that takes less than this is under way either.
   */
  private static final long QUIET_NANOS = 1_500_000_000L;

  /** Enough, whatever happens. */
  private static final long LIMIT_NANOS = 20_000_000_000L;

  private WarmUp() {}

  /** Runs the operation with 0, 1, 2, ... */
  static void run(LongConsumer operation) {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    long compiled = compiler.getTotalCompilationTime();
    long quietSince = start;
    long now = start;
    for (long i = 0; now - quietSince < QUIET_NANOS && now - start < LIMIT_NANOS; i++) {
      operation.accept(i);
      now = threads.getCurrentThreadCpuTime();
      long total = compiler.getTotalCompilationTime();
      if (total != compiled) {
        compiled = total;
        quietSince = now;
      }
    }
  }
}
