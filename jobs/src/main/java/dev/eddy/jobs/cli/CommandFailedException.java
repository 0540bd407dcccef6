package dev.eddy.jobs.cli;

import org.apache.flink.client.program.ProgramParametrizationException;

/**
 * Tells Flink's client that a command failed; what went wrong has been said already. Of this type
 * the client prints the message alone, of any other the stack trace.
 */
final class CommandFailedException extends ProgramParametrizationException {
  private static final long serialVersionUID = 1L;

  CommandFailedException(int code) {
    super("eddy ended with exit code " + code + "; the message stands above");
  }

  /** Where it was thrown tells nobody anything. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
