package dev.eddy.benchmarks.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a round costs, as a function of what it averages:
 *
 * <pre>
 * seconds = a + b slots + c shards + d megabytes slots + e megabytes shards
 * </pre>
 *
 * <p>a: what a round costs whatever its size; b, c: what a message out and a message in cost; d:
 * serialising, sending and reading a megabyte handed out to one slot; e: the same of a megabyte
 * that comes back, checked and added to the average. Fitted by least squares of the relative
 * errors, no coefficient below zero.
 *
 * @param coefficients a to e, seconds
 */
record RoundModel(double[] coefficients) {
  /** How many terms it has: it cannot be fitted to fewer measurements. */
  static final int TERMS = 5;

  /**
   * A round that was measured.
   *
   * @param size how much it averaged
   * @param seconds the median over its rounds
   * @param lower quartile
   * @param upper quartile
   */
  record Measured(RoundSize size, double seconds, double lower, double upper) {}

  /** Fits the model to measurements, at least as many as there are terms. */
  static RoundModel fit(List<Measured> measured) {
    List<Integer> terms = new ArrayList<>(IntStream.range(0, TERMS).boxed().toList());
    while (true) {
      double[] found = solve(measured, terms);
      int worst = -1;
      for (int i = 0; i < found.length; i++) {
        if (found[i] < 0 && (worst < 0 || found[i] < found[worst])) {
          worst = i;
        }
      }
      if (worst < 0) {
        double[] all = new double[TERMS];
        for (int i = 0; i < found.length; i++) {
          all[terms.get(i)] = found[i];
        }
        return new RoundModel(all);
      }
      terms.remove(worst); // noise: it explains nothing
    }
  }

  /** Solves the normal equations by Gaussian elimination; they are few and well scaled. */
  private static double[] solve(List<Measured> measured, List<Integer> terms) {
    int n = terms.size();
    double[][] a = new double[n][n + 1]; // the right side is the last column
    for (Measured one : measured) {
      double[] features = features(one.size());
      for (int i = 0; i < n; i++) {
        double relative = features[terms.get(i)] / one.seconds();
        for (int j = 0; j < n; j++) {
          a[i][j] += relative * features[terms.get(j)] / one.seconds();
        }
        a[i][n] += relative;
      }
    }
    for (int pivot = 0; pivot < n; pivot++) {
      for (int row = 0; row < n; row++) {
        double factor = row == pivot ? 0 : a[row][pivot] / a[pivot][pivot];
        for (int column = pivot; column <= n && factor != 0; column++) {
          a[row][column] -= factor * a[pivot][column];
        }
      }
    }
    return IntStream.range(0, n).mapToDouble(i -> a[i][n] / a[i][i]).toArray();
  }

  private static double[] features(RoundSize size) {
    double megabytes = size.megabytes();
    return new double[] {
      1, size.slots(), size.shards(), megabytes * size.slots(), megabytes * size.shards()
    };
  }

  /** Seconds that a round of this size should take. */
  double seconds(RoundSize size) {
    double[] features = features(size);
    return IntStream.range(0, TERMS).mapToDouble(i -> coefficients[i] * features[i]).sum();
  }

  /** By how much it misses a measurement, as a share of what was measured. */
  double error(Measured measured) {
    return Math.abs(seconds(measured.size()) / measured.seconds() - 1);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "ms = %.2f + %.3f slots + %.3f shards + %.2f MB slots + %.2f MB shards",
        IntStream.range(0, TERMS).mapToObj(i -> 1e3 * coefficients[i]).toArray());
  }
}
