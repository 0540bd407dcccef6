package dev.eddy.model.train;

import java.util.concurrent.CancellationException;

/** Lets long computations end soon after their thread is interrupted. */
final class Interrupts {
  private Interrupts() {}

  /** Throws if this thread was interrupted; the flag stays set. */
  static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("training was interrupted");
    }
  }
}
