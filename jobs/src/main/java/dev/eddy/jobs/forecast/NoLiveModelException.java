package dev.eddy.jobs.forecast;

/** There is no model to serve: nothing was ever published for the pipeline, or its live version was retired. */
public final class NoLiveModelException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A message that names the pipeline, the topic that was read, and what to do. */
  public NoLiveModelException(String message) {
    super(message);
  }
}
