package dev.eddy.jobs.registry;

/**
 * The version that a model was to be published under, or a later swap epoch, is somebody else's.
 */
public final class VersionTakenException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A message that says which. */
  public VersionTakenException(String message) {
    super(message);
  }
}
