package dev.eddy.model.train;

/**
 * The sum of one round's updates, taken in shard order: an update that comes before its turn waits.
 * Sums are doubles, so that shards that agree average to exactly what they agree on.
 */
final class RoundFold {
  private final TrainingSpec spec;
  private final int round;
  private final int weightCount;
  private final boolean[] seen; // [shards]
  private final ShardUpdate[] waiting; // [shards]
  private final double[] weights; // [n], each times its shard's samples
  private final double[] moments; // [k][n], the same
  private int next;
  private long samples;
  private double lossSum;
  private ScoreSum validation = new ScoreSum(0, new double[1]);

  RoundFold(TrainingSpec spec, int round, int weightCount) {
    this.spec = spec;
    this.round = round;
    this.weightCount = weightCount;
    this.seen = new boolean[spec.shards()];
    this.waiting = new ShardUpdate[spec.shards()];
    this.weights = new double[weightCount];
    this.moments = new double[spec.update().optimiser().momentsPerWeight() * weightCount];
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
      fold(waiting[next]);
      waiting[next++] = null;
    }
    return true;
  }

  boolean complete() {
    return next == waiting.length;
  }

  long samples() {
    return samples;
  }

  double lossSum() {
    return lossSum;
  }

  ScoreSum validation() {
    return validation;
  }

  /** The weighted mean of the weights. */
  float[] weights() {
    return mean(weights);
  }

  /** The weighted mean of the moments. */
  float[] moments() {
    return mean(moments);
  }

  private float[] mean(double[] sums) {
    float[] mean = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      mean[i] = (float) (sums[i] / samples);
    }
    return mean;
  }

  private void fold(ShardUpdate update) {
    validation = validation.plus(update.validation());
    if (update.samples() > 0) {
      samples += update.samples();
      lossSum += update.lossSum();
      double weight = (double) update.samples();
      add(weights, update.weights(), weight);
      add(moments, update.moments(), weight);
    }
  }

  private static void add(double[] sums, float[] values, double weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weight * values[i];
    }
  }

  private void checkFits(ShardUpdate update) {
    if (update.shard() < 0
        || update.shard() >= seen.length
        || update.weights().length != weightCount
        || update.moments().length != moments.length
        || update.samples() < 0
        || update.validation().sums().length != 1) {
      throw new IllegalArgumentException(
          ("an update of shard %d with %d weights, %d moments, %d samples and"
                  + " %d validation sums does not fit a run of"
                  + " %d shards, %d weights, %d moments and 1 validation sum:"
                  + " is another network or job sending?")
              .formatted(
                  update.shard(),
                  update.weights().length,
                  update.moments().length,
                  update.samples(),
                  update.validation().sums().length,
                  seen.length,
                  weightCount,
                  moments.length));
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
