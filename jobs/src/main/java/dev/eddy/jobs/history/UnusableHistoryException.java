package dev.eddy.jobs.history;

/** A history that cannot be read, now or later: the message says what was found and what to do. */
public final class UnusableHistoryException extends RuntimeException {
  /** A failure whose message says what was found and what to do. */
  public UnusableHistoryException(String message) {
    super(message);
  }
}
