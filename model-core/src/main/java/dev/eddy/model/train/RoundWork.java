package dev.eddy.model.train;

import java.io.Serializable;

/**
 * What a shard does in one round: the same for every shard, unless {@link Moments#CARRY} gives each
 * its own moments. Arrays are shared with the coordinator: read, never write.
 *
 * @param round 0, 1, ... train; the one numbered {@link TrainingSpec#rounds()} only scores
 * @param weights where the round starts, {@code [n]}
 * @param moments the optimiser's, {@code [k][n]}; empty where the round begins with fresh ones
 * @param age steps that the moments have seen since they were zero
 */
public record RoundWork(int round, float[] weights, float[] moments, long age)
    implements Serializable {}
