package dev.eddy.jobs.demo;

/** A demo that cannot go on; the message says why, for the user. */
public final class DemoFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A failure of the demo's own. */
  DemoFailedException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  DemoFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
