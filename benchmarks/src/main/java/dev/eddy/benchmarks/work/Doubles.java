package dev.eddy.benchmarks.work;

/** Floats and doubles, side by side. */
final class Doubles {
  private Doubles() {}

  static double[] of(float[] a) {
    return of(a, 0, a.length);
  }

  static double[] of(float[] a, int from, int to) {
    double[] d = new double[to - from];
    for (int i = from; i < to; i++) {
      d[i - from] = a[i];
    }
    return d;
  }

  /** The largest difference; infinite if one is not a number. */
  static double difference(double[] expected, float[] got) {
    if (expected.length != got.length) {
      throw new IllegalArgumentException(
          "%d values, expected %d".formatted(got.length, expected.length));
    }
    double worst = 0;
    for (int i = 0; i < got.length; i++) {
      double d = Math.abs(expected[i] - got[i]);
      worst = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(worst, d);
    }
    return worst;
  }
}
