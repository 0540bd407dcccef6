package dev.eddy.model.train;

import java.io.Serializable;

/**
 * What every shard does in one round. Arrays are shared with the coordinator: read, never write.
 *
 * @param round 0, 1, ... train; the one numbered {@link TrainingSpec#rounds()} only scores
 * @param weights where the round starts, {@code [n]}
 * @param moments the optimiser's, averaged over the shards, {@code [k][n]}
 */
public record RoundWork(int round, float[] weights, float[] moments) implements Serializable {}
