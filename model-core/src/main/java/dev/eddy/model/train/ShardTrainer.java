package dev.eddy.model.train;

/**
 * One virtual worker. Its update is a pure function of (weights, moments, shard, round, seed); nothing is carried from
 * round to round but what the coordinator hands out. Not thread-safe (it keeps its buffers).
 */
public final class ShardTrainer {

  /**
   * A worker for one shard's data.
   *
   * @throws IllegalArgumentException if a series does not have the network's inputs or the loss's targets
   */
  public ShardTrainer(TrainingSetup setup, ShardData data) {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * Does the shard's part of a round: scores the incoming weights on the validation stretches, then makes {@code
   * localSteps} optimiser steps. A shard with nothing to learn from returns the incoming weights with 0 samples. Where
   * the numbers run away it stops early and returns them; the coordinator refuses such an update.
   *
   * @param work Not modified
   * @throws java.util.concurrent.CancellationException if the thread was interrupted (the flag stays set)
   */
  public ShardUpdate run(RoundWork work) {
    throw new UnsupportedOperationException("being built");
  }
}
