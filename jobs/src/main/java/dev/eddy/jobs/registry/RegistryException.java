package dev.eddy.jobs.registry;

/**
 * The models topic cannot be read or written now: Kafka cannot be reached, or refuses. The message
 * says what to do.
 */
public final class RegistryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A message for people. */
  public RegistryException(String message) {
    super(message);
  }

  /** The same, with what went wrong underneath. */
  public RegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
