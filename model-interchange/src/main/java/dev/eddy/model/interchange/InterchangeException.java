package dev.eddy.model.interchange;

/** A file that is not taken over, or a network that cannot be written, and why. */
public final class InterchangeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A refusal that says what was found, what is allowed, and what to do. */
  public InterchangeException(String message) {
    super(message);
  }

  /** The same with what brought it about. */
  public InterchangeException(String message, Throwable cause) {
    super(message, cause);
  }
}
