package dev.eddy.model.train;

import java.util.List;

/**
 * Runs weights over stretches and sums up how wrong they are: the validation of a round, the gate before publication,
 * and a backtest are all this. Not thread-safe (it keeps its buffers).
 *
 * <p>Every stretch is one row of a batch, its state warmed over up to {@code spec.warmup} steps before {@code from} and
 * then carried through the whole stretch, as serving does. The sums of a stretch do not depend on the stretches it is
 * batched with, and stretches are added in the order of the list.
 */
public final class Scorer {

  /** A scorer for a network and its loss. */
  public Scorer(TrainingSetup setup) {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * Scores weights.
   *
   * @param weights {@code [n]}. Not modified
   * @param stretches what to score; may be empty
   * @param metrics what to sum up beside the loss
   * @return count: known targets; sums: the loss, then the metrics
   * @throws java.util.concurrent.CancellationException if the thread was interrupted (the flag stays set)
   */
  public ScoreSum score(float[] weights, List<Stretch> stretches, StepMetrics metrics) {
    throw new UnsupportedOperationException("being built");
  }
}
