package dev.eddy.benchmarks.run;

/** A benchmark that could not be run; the message is for people. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public BenchException(String message) {
    super(message);
  }
}
