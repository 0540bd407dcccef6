package dev.eddy.jobs.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Until it is closed, Ctrl-C interrupts the thread that made it, and the process ends only when
 * that thread has closed this: it can still cancel what it began on another machine.
 */
final class InterruptOnExit implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 15;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean asked;

  /**
   * Watches the end of the process.
   *
   * @param message what the user is told then
   */
  InterruptOnExit(String message, PrintStream err) {
    Thread worker = Thread.currentThread();
    hook = new Thread(() -> interrupt(worker, message, err), "interrupt-on-exit");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void interrupt(Thread worker, String message, PrintStream err) {
    asked = true;
    err.println(message);
    worker.interrupt();
    try {
      if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        err.println("eddy: warning: no answer; look whether the job still runs");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the end of the process was asked for. */
  boolean asked() {
    return asked;
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook runs, and has just been told to go on.
    }
  }
}
