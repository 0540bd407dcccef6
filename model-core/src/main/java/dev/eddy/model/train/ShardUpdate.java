package dev.eddy.model.train;

import java.io.Serializable;

/**
 * What one shard did in one round.
 *
 * @param shard which shard
 * @param round which round
 * @param weights its weights after the round's local steps, {@code [weightCount]}
 * @param moments the optimiser's moments, flat; empty for an optimiser without, and where every
 *     round begins with fresh ones
 * @param steps optimiser steps made
 * @param samples known targets learned from: its weight in the average
 * @param lossSum sum of the training loss over those
 * @param rate learning rate of the round's first step, the same for all shards
 * @param validation the round's incoming weights scored on the shard's validation stretch
 * @param nanos time spent computing
 */
public record ShardUpdate(
    int shard,
    int round,
    float[] weights,
    float[] moments,
    int steps,
    long samples,
    double lossSum,
    double rate,
    ScoreSum validation,
    long nanos)
    implements Serializable {

  /** The same with other weights and moments. */
  public ShardUpdate with(float[] otherWeights, float[] otherMoments) {
    return new ShardUpdate(
        shard, round, otherWeights, otherMoments, steps, samples, lossSum, rate, validation, nanos);
  }
}
