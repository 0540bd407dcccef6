package dev.eddy.model.train;

import java.io.Serializable;

/**
 * How a run trains. Fixed for the run, and part of what its result depends on.
 *
 * @param shards virtual workers; results depend on shards, not on the slots they run on
 * @param localSteps optimiser steps of each shard between two averagings
 * @param rounds averagings at most
 * @param patience rounds without a better validation loss before stopping early
 * @param batch B, sequences stepped together
 * @param chunk T, steps of truncated back-propagation through time
 * @param warmup steps that rebuild the state, without gradient, before a training block begins
 * @param learningRate Adam's
 * @param clipNorm gradients are scaled down to this Euclidean norm
 * @param weightDecay decoupled weight decay (Loshchilov and Hutter 2019)
 * @param seed all randomness follows from it
 */
public record TrainingSpec(
    int shards,
    int localSteps,
    int rounds,
    int patience,
    int batch,
    int chunk,
    int warmup,
    double learningRate,
    double clipNorm,
    double weightDecay,
    long seed)
    implements Serializable {

  /**
   * Checks every value.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public TrainingSpec {
    atLeast("shards", shards, 1);
    atLeast("localSteps", localSteps, 1);
    atLeast("rounds", rounds, 1);
    atLeast("patience", patience, 1);
    atLeast("batch", batch, 1);
    atLeast("chunk", chunk, 1);
    atLeast("warmup", warmup, 0);
    check(
        "learningRate",
        learningRate,
        learningRate > 0 && Double.isFinite(learningRate),
        "above 0 and finite");
    check("clipNorm", clipNorm, clipNorm > 0, "above 0 (infinite for no limit)");
    check(
        "weightDecay",
        weightDecay,
        weightDecay >= 0 && Double.isFinite(weightDecay),
        "at least 0 and finite");
  }

  private static void atLeast(String field, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(field + " must be at least " + least + ", got " + value);
    }
  }

  private static void check(String field, double value, boolean good, String allowed) {
    if (!good) {
      throw new IllegalArgumentException(field + " must be " + allowed + ", got " + value);
    }
  }
}
