package dev.eddy.jobs.registry;

/** A record of the models topic, or a model behind a reference, that is not what it should be. */
public final class BadModelException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A message that says what was expected and what was found. */
  public BadModelException(String message) {
    super(message);
  }

  /** The same, with what went wrong underneath. */
  public BadModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
