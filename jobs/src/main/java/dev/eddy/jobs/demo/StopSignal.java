package dev.eddy.jobs.demo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C (or a termination signal) as a wish to end: the run finishes in order, the report is
 * printed, nothing is left behind. A shutdown hook would not do: it runs beside the hooks of Flink
 * and Kafka, which take the job away under it. The second signal ends the process at once.
 */
final class StopSignal implements AutoCloseable {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final SignalHandler oldInterrupt;
  private final SignalHandler oldTerminate;

  /** Listens from now on. */
  StopSignal() {
    this.oldInterrupt = listen("INT");
    this.oldTerminate = listen("TERM");
  }

  private SignalHandler listen(String name) {
    try {
      return Signal.handle(new Signal(name), this::signalled);
    } catch (IllegalArgumentException e) {
      // The JVM was started without signal handling (-Xrs), or the system has no such signal.
      return null;
    }
  }

  private void signalled(Signal signal) {
    if (asked()) {
      Runtime.getRuntime().halt(128 + signal.getNumber());
    }
    asked.countDown();
  }

  /** Whether the user wants to end. */
  boolean asked() {
    return asked.getCount() == 0;
  }

  /**
   * Waits that long, or until the user wants to end.
   *
   * @throws InterruptedException where somebody else wants this thread to end
   */
  boolean pause(long millis) throws InterruptedException {
    return asked.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    restore("INT", oldInterrupt);
    restore("TERM", oldTerminate);
  }

  private static void restore(String name, SignalHandler old) {
    if (old != null) {
      Signal.handle(new Signal(name), old);
    }
  }
}
