package dev.eddy.jobs.demo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C (or a termination signal) as a wish to end: the run finishes in order, the report is printed, nothing is left
 * behind. A shutdown hook would not do: it runs beside the hooks of Flink and Kafka, which take the job away under it.
 * The second signal ends the process at once.
 */
final class StopSignal implements AutoCloseable {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final Thread waiting;
  private final SignalHandler oldInterrupt;
  private final SignalHandler oldTerminate;

  /** Listens from now on; the calling thread is interrupted at the first signal. */
  StopSignal() {
    this.waiting = Thread.currentThread();
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
    if (asked.getCount() == 0) {
      Runtime.getRuntime().halt(128 + signal.getNumber());
    }
    asked.countDown();
    waiting.interrupt();
  }

  /** Whether the user wants to end. */
  boolean asked() {
    return asked.getCount() == 0;
  }

  /** Waits that long, or until the user wants to end. */
  void pause(long millis) {
    try {
      if (!asked()) {
        boolean ignored = asked.await(millis, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      if (!asked()) {
        Thread.currentThread().interrupt();
        asked.countDown();
      }
    }
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
