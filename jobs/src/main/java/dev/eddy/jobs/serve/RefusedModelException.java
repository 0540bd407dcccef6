package dev.eddy.jobs.serve;

/** A model that a job will not serve: damaged, of another shape, or made for another task. */
public final class RefusedModelException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A message that says what was expected and what was found. */
  public RefusedModelException(String message) {
    super(message);
  }

  /** The same, with what went wrong underneath. */
  public RefusedModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
