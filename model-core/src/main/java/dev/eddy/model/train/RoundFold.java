package dev.eddy.model.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sum of one round's updates, taken in shard order: an update that comes before its turn waits.
 * Sums are doubles, so that shards that agree average to exactly what they agree on. Moments that
 * are not averaged are not summed either.
 */
final class RoundFold {
  private final TrainingSpec spec;
  private final int round;
  private final int weightCount;
  private final int momentCount;
  private final boolean[] seen; // [shards]
  private final ShardUpdate[] waiting; // [shards]
  private final ScoreSum[] validation; // [shards], null where a shard has not come
  private final float[][] carried; // [shards], null where a shard learned nothing or has not come
  private final int[] steps; // [shards]
  private final List<RoundSummary.Shard> shards = new ArrayList<>();
  private double[] weights = {}; // [n], each times its shard's samples
  private double[] moments = {}; // [k][n], the same
  private int next;
  private long samples;
  private double lossSum;
  private double rate = Double.NaN;

  RoundFold(TrainingSpec spec, int round, int weightCount) {
    this.spec = spec;
    this.round = round;
    this.weightCount = weightCount;
    this.momentCount = (spec.floatsPerWeight() - 1) * weightCount;
    this.seen = new boolean[spec.shards()];
    this.waiting = new ShardUpdate[spec.shards()];
    this.validation = new ScoreSum[spec.shards()];
    this.carried = new float[spec.shards()][];
    this.steps = new int[spec.shards()];
  }

  /** Takes in an update; false if that shard's was there before. */
  boolean accept(ShardUpdate update) {
    checkFits(update);
    if (seen[update.shard()]) {
      return false;
    }
    checkFinite(update);
    seen[update.shard()] = true;
    waiting[update.shard()] = update;
    while (next < waiting.length && waiting[next] != null) {
      foldNext();
    }
    return true;
  }

  boolean complete() {
    return next == waiting.length;
  }

  /** Shards whose update has not come, ascending. */
  List<Integer> missing() {
    List<Integer> missing = new ArrayList<>();
    for (int shard = next; shard < seen.length; shard++) {
      if (!seen[shard]) {
        missing.add(shard);
      }
    }
    return missing;
  }

  /** Whether those that came have something to average. */
  boolean hasSamples() {
    return samples > 0 || Arrays.stream(waiting).anyMatch(u -> u != null && u.samples() > 0);
  }

  /** Whether anybody came. */
  boolean hasUpdates() {
    return next > 0 || missing().size() < waiting.length;
  }

  /** Completes without those that are missing. */
  void skipMissing() {
    while (next < waiting.length) {
      foldNext();
    }
  }

  long samples() {
    return samples;
  }

  /** The mean training loss; NaN where nothing was learned from. */
  double loss() {
    return samples == 0 ? Double.NaN : lossSum / samples;
  }

  /** The learning rate of the round's first step; NaN where there was none. */
  double rate() {
    return rate;
  }

  /** What each shard scored, null for one that has not come. */
  ScoreSum[] validation() {
    return validation;
  }

  /** What each shard did that has come. */
  List<RoundSummary.Shard> shards() {
    return List.copyOf(shards);
  }

  /** The round's weights after the outer step. velocity: Modified. */
  float[] weights(float[] before, float[] velocity) {
    float[] after = spec.averaging().outer().apply(before, weights, samples, velocity);
    checkFinite("round %d, the outer step: the weights".formatted(round), after, spec);
    return after;
  }

  /** The weighted mean of the moments. */
  float[] moments() {
    float[] mean = new float[moments.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (moments[i] / samples);
    }
    return mean;
  }

  /** A shard's own moments after the round; null where it learned nothing or has not come. */
  float[] carried(int shard) {
    return carried[shard];
  }

  /** Steps that a shard made; 0 where it has not come. */
  int steps(int shard) {
    return steps[shard];
  }

  private void foldNext() {
    ShardUpdate update = waiting[next];
    waiting[next++] = null;
    if (update != null) {
      fold(update);
    }
  }

  private void fold(ShardUpdate update) {
    validation[update.shard()] = update.validation();
    shards.add(RoundSummary.Shard.of(update));
    if (update.samples() == 0) {
      return;
    }
    samples += update.samples();
    lossSum += update.lossSum();
    steps[update.shard()] = update.steps();
    if (Double.isNaN(rate)) {
      rate = update.rate();
    }
    double weight = (double) update.samples();
    weights = add(weights, update.weights(), weight);
    if (spec.averaging().moments() == Moments.AVERAGE) {
      moments = add(moments, update.moments(), weight);
    } else {
      carried[update.shard()] = update.moments();
    }
  }

  private static double[] add(double[] sums, float[] values, double weight) {
    double[] to = sums.length == 0 ? new double[values.length] : sums;
    for (int i = 0; i < to.length; i++) {
      to[i] += weight * values[i];
    }
    return to;
  }

  private void checkFits(ShardUpdate update) {
    if (update.shard() < 0
        || update.shard() >= seen.length
        || update.weights().length != weightCount
        || update.moments().length != momentCount
        || update.steps() < 0
        || update.samples() < 0
        || update.validation().sums().length != 1) {
      throw new IllegalArgumentException(
          ("an update of shard %d with %d weights, %d moments, %d steps, %d samples and"
                  + " %d validation sums does not fit a run of"
                  + " %d shards, %d weights, %d moments and 1 validation sum:"
                  + " is another network or job sending?")
              .formatted(
                  update.shard(),
                  update.weights().length,
                  update.moments().length,
                  update.steps(),
                  update.samples(),
                  update.validation().sums().length,
                  seen.length,
                  weightCount,
                  momentCount));
    }
  }

  private void checkFinite(ShardUpdate update) {
    String who = "round %d, shard %d: ".formatted(round, update.shard());
    checkFinite(who + "the validation loss", update.validation().sums()[0], spec);
    checkFinite(who + "the training loss", update.lossSum(), spec);
    checkFinite(who + "the weights", update.weights(), spec);
    checkFinite(who + "the moments", update.moments(), spec);
  }

  /** Throws unless every value is finite. */
  static void checkFinite(String what, float[] values, TrainingSpec spec) {
    for (int i = 0; i < values.length; i++) {
      checkFinite(what, values[i], spec);
    }
  }

  private static void checkFinite(String what, double value, TrainingSpec spec) {
    if (!Double.isFinite(value)) {
      throw new DivergenceException(
          ("training diverged, %s: found %s where a finite number was expected."
                  + " Lower the learning rate (now %s) or the clip norm (now %s);"
                  + " if it happens in round 0, look for absurd values in the data")
              .formatted(what, value, spec.update().learningRate(), spec.update().clipNorm()));
    }
  }
}
