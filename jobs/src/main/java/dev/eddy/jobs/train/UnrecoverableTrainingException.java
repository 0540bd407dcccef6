package dev.eddy.jobs.train;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A failure that would only repeat itself: a history that cannot be trained on, numbers that ran
 * away. The job ends at once, whatever its restart strategy.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class UnrecoverableTrainingException extends RuntimeException {
  /** A failure whose message says what was found and what to do. */
  public UnrecoverableTrainingException(String message) {
    super(message);
  }

  /** A failure with the message of its cause. */
  public UnrecoverableTrainingException(RuntimeException cause) {
    super(cause.getMessage(), cause);
  }
}
