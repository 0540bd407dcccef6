package dev.eddy.benchmarks.run;

import java.util.Arrays;

/** Order statistics. */
public final class Quantiles {
  private Quantiles() {}

  /** The quantile q within [0, 1], interpolated between neighbours. values: Not modified. */
  public static double of(double[] values, double q) {
    if (values.length == 0 || !(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException(
          "a quantile needs values and q within [0, 1], got %d values, q = %s"
              .formatted(values.length, q));
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = q * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
