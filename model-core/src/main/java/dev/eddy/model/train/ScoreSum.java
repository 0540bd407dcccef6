package dev.eddy.model.train;

import java.io.Serializable;

/**
 * A named list of sums over scored steps, added in shard order so that the total does not depend on
 * who finished first.
 *
 * @param count known targets scored
 * @param sums one sum per metric, over those targets: index 0 is the loss, the others are the
 *     task's (the gate's baselines)
 */
public record ScoreSum(long count, double[] sums) implements Serializable {

  /** This plus another of the same length. */
  public ScoreSum plus(ScoreSum other) {
    if (sums.length != other.sums.length) {
      throw new IllegalArgumentException(
          "score sums of " + sums.length + " and " + other.sums.length + " metrics");
    }
    double[] total = sums.clone();
    for (int i = 0; i < total.length; i++) {
      total[i] += other.sums[i];
    }
    return new ScoreSum(count + other.count, total);
  }

  /** The mean of metric i; NaN where nothing was scored. */
  public double mean(int i) {
    return count == 0 ? Double.NaN : sums[i] / count;
  }
}
