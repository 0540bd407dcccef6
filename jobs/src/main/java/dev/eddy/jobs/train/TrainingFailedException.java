package dev.eddy.jobs.train;

/** A training job that failed while running; the message is the cause's, fit for the user. */
public final class TrainingFailedException extends Exception {
  /** A failure with the message of its root cause. */
  public TrainingFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
