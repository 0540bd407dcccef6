package dev.eddy.jobs.serve;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * Restored state does not fit the pipeline's settings. Another attempt would find the same: the job
 * ends at once, whatever its restart strategy.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class StateMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A message that says what the state was made for and what the pipeline has. */
  public StateMismatchException(String message) {
    super(message);
  }
}
