package dev.eddy.model.train;

/** Training ran away: a weight, a moment or a loss is no longer a finite number. */
public final class DivergenceException extends RuntimeException {
  /** A failure whose message says where, what, and what to change. */
  public DivergenceException(String message) {
    super(message);
  }
}
