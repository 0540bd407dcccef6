package dev.eddy.model.train;

import dev.eddy.model.optim.AdamW;
import dev.eddy.model.optim.Cosine;
import dev.eddy.model.optim.Regularisation;
import dev.eddy.model.optim.Schedule;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.optim.WarmUp;
import java.io.Serializable;
import java.util.List;

/**
 * How a run trains. Fixed for the run, and part of what its result depends on.
 *
 * @param shards virtual workers; results depend on shards, not on the slots they run on
 * @param averaging how shards become one model again and again
 * @param rounds averagings at most
 * @param patience rounds without a better validation loss before stopping early
 * @param batch B, sequences stepped together
 * @param chunk T, steps of truncated back-propagation through time
 * @param warmup steps that rebuild the state, without gradient, before a training block begins
 * @param update what a gradient does to the weights. Its schedule must follow from the step alone:
 *     shards keep nothing from round to round
 * @param seed all randomness follows from it
 */
public record TrainingSpec(
    int shards,
    Averaging averaging,
    int rounds,
    int patience,
    int batch,
    int chunk,
    int warmup,
    UpdateSpec update,
    long seed)
    implements Serializable {

  /**
   * Checks every value.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public TrainingSpec {
    atLeast("shards", shards, 1);
    atLeast("rounds", rounds, 1);
    atLeast("patience", patience, 1);
    atLeast("batch", batch, 1);
    atLeast("chunk", chunk, 1);
    atLeast("warmup", warmup, 0);
    if (update.schedule().newState().length > 0) {
      throw new IllegalArgumentException(
          "schedule must follow from the step alone where shards are averaged, got "
              + update.schedule().kind());
    }
  }

  /** Weights and moments are averaged after every {@code localSteps} steps. */
  public TrainingSpec(
      int shards,
      int localSteps,
      int rounds,
      int patience,
      int batch,
      int chunk,
      int warmup,
      UpdateSpec update,
      long seed) {
    this(shards, Averaging.every(localSteps), rounds, patience, batch, chunk, warmup, update, seed);
  }

  /**
   * Adam with decoupled decay of all weights and the schedule of {@link #defaultSchedule}; weights
   * and moments are averaged after every {@code localSteps} steps.
   *
   * @param learningRate its peak
   * @param clipNorm gradients are scaled down to this Euclidean norm
   * @param weightDecay decoupled weight decay (Loshchilov and Hutter 2019)
   */
  public TrainingSpec(
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
      long seed) {
    this(
        shards,
        localSteps,
        rounds,
        patience,
        batch,
        chunk,
        warmup,
        new UpdateSpec(
            new AdamW(weightDecay),
            learningRate,
            defaultSchedule((long) rounds * localSteps),
            clipNorm,
            Double.POSITIVE_INFINITY,
            Regularisation.NONE,
            List.of()),
        seed);
  }

  /**
   * A linear rise over the first twentieth of the steps, while Adam's moments are still rough, then
   * half a cosine down to a hundredth of the peak, which lets averaged weights settle.
   */
  public static Schedule defaultSchedule(long steps) {
    long rise = Math.max(1, steps / 20);
    return new WarmUp(rise, new Cosine(Math.max(1, steps - rise), 0.01));
  }

  /** The same with another update. */
  public TrainingSpec withUpdate(UpdateSpec other) {
    return new TrainingSpec(shards, averaging, rounds, patience, batch, chunk, warmup, other, seed);
  }

  /** The same with fewer or more rounds; the schedule stays as it is laid. */
  public TrainingSpec withRounds(int other) {
    return new TrainingSpec(shards, averaging, other, patience, batch, chunk, warmup, update, seed);
  }

  /** The same with another warm-up. */
  public TrainingSpec withWarmup(int other) {
    return new TrainingSpec(shards, averaging, rounds, patience, batch, chunk, other, update, seed);
  }

  /** The same, averaged otherwise; the schedule is laid over the new number of steps. */
  public TrainingSpec withAveraging(Averaging other) {
    return new TrainingSpec(
        shards,
        other,
        rounds,
        patience,
        batch,
        chunk,
        warmup,
        update.withSchedule(update.schedule().over(other.localSteps().before(rounds))),
        seed);
  }

  /** The same for another number of shards, with another seed. */
  public TrainingSpec withShardsAndSeed(int newShards, long newSeed) {
    return new TrainingSpec(
        newShards, averaging, rounds, patience, batch, chunk, warmup, update, newSeed);
  }

  /**
   * The same with the steps of an epoch known, and the schedule laid over the steps there will be.
   * Where shards are not averaged by epochs, the same.
   *
   * @param stepsPerEpoch the same for all shards: it must follow from what all of them know
   */
  public TrainingSpec resolved(int stepsPerEpoch) {
    return averaging.localSteps().known()
        ? this
        : withAveraging(averaging.withLocalSteps(LocalSteps.every(stepsPerEpoch)));
  }

  /**
   * Optimiser steps of each shard in all rounds; where they are averaged by epochs, 1,000 each
   * until the spec is {@link #resolved}.
   */
  public long steps() {
    return averaging.localSteps().before(rounds);
  }

  /**
   * Floats that a round hands out for each weight: the weight and, unless every round begins with
   * fresh ones, the optimiser's moments.
   */
  public int floatsPerWeight() {
    boolean travel = averaging.moments() != Moments.RESET;
    return 1 + (travel ? update.optimiser().momentsPerWeight() : 0);
  }

  private static void atLeast(String field, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(field + " must be at least " + least + ", got " + value);
    }
  }
}
