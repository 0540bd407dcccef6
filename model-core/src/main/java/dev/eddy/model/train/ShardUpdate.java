package dev.eddy.model.train;

import java.io.Serializable;

/**
 * What one shard did in one round.
 *
 * @param shard which shard
 * @param round which round
 * @param weights its weights after the round's local steps, {@code [weightCount]}
 * @param moments the optimiser's moments, flat; empty for an optimiser without
 * @param samples known targets learned from: its weight in the average
 * @param lossSum sum of the training loss over those
 * @param validation the round's incoming weights scored on the shard's validation stretch
 * @param nanos time spent computing
 */
public record ShardUpdate(
    int shard,
    int round,
    float[] weights,
    float[] moments,
    long samples,
    double lossSum,
    ScoreSum validation,
    long nanos)
    implements Serializable {}
