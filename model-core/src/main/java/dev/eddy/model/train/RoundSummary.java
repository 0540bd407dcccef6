package dev.eddy.model.train;

import java.util.List;

/**
 * What a completed round did, for reports. Nothing follows from it, and snapshots do not hold it.
 *
 * @param round which: the one numbered {@link TrainingSpec#rounds()} only scored
 * @param loss mean training loss over the shards, by samples; NaN where the round only scored
 * @param validationLoss of the weights that the round started from, over the shards that came; NaN
 *     where nothing is held out
 * @param samples target steps learned from
 * @param rate learning rate of the round's first step; NaN where the round only scored
 * @param shards what each shard did, by shard; those dropped are missing
 * @param dropped shards that came too late to count
 */
public record RoundSummary(
    int round,
    double loss,
    double validationLoss,
    long samples,
    double rate,
    List<Shard> shards,
    List<Integer> dropped) {

  /**
   * One shard's part.
   *
   * @param shard which shard
   * @param steps optimiser steps made
   * @param samples target steps learned from
   * @param loss mean training loss; NaN where it learned from nothing
   * @param nanos time spent computing
   */
  public record Shard(int shard, int steps, long samples, double loss, long nanos) {
    static Shard of(ShardUpdate update) {
      return new Shard(
          update.shard(),
          update.steps(),
          update.samples(),
          update.samples() == 0 ? Double.NaN : update.lossSum() / update.samples(),
          update.nanos());
    }
  }
}
