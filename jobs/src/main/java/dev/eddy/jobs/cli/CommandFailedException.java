package dev.eddy.jobs.cli;

/** Tells Flink's client that a command failed; what went wrong has been said already. */
final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailedException(int code) {
    super("eddy ended with exit code " + code + "; the message stands above", null, false, false);
  }
}
