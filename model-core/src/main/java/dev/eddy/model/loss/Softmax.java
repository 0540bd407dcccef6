package dev.eddy.model.loss;

import dev.eddy.model.kernel.Functions;
import dev.eddy.model.kernel.Kernels;

/** The softmax function of many scores, without overflow, and sums of them. */
public final class Softmax {
  private static final int PARTIALS = 16;

  private Softmax() {}

  /**
   * Replaces scores by {@code scale * softmax}.
   *
   * @param x {@code [n]} from {@code at}. Modified
   * @return the logarithm of the sum of the exponentials of the scores
   */
  public static double inPlace(Kernels kernels, int n, float[] x, int at, double scale) {
    float max = max(n, x, at);
    for (int i = at; i < at + n; i++) {
      x[i] -= max;
    }
    kernels.exp(n, x, at, x, at);
    double sum = sum(n, x, at);
    float factor = (float) (scale / sum);
    for (int i = at; i < at + n; i++) {
      x[i] *= factor;
    }
    return max + StrictMath.log(sum);
  }

  /**
   * The softmax of all scores but one, whose share is 0.
   *
   * @param x {@code [n]} from {@code at}. Not modified
   * @param share becomes the softmax, {@code [n]}. Modified
   * @return the logarithm of the sum of the exponentials of these scores
   */
  static double ofOthers(Kernels kernels, int n, float[] x, int at, int but, float[] share) {
    System.arraycopy(x, at, share, 0, n);
    share[but] = Float.NEGATIVE_INFINITY;
    return inPlace(kernels, n, share, 0, 1);
  }

  /** The logarithm of the sum of the exponentials of {@code v[0, n)}. v: Not modified. */
  static double logSum(int n, double[] v) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, v[i]);
    }
    if (max == Double.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Functions.exp((float) (v[i] - max));
    }
    return max + StrictMath.log(sum);
  }

  /** The greatest score; what is NaN is passed over, and shows in the sum. */
  private static float max(int n, float[] x, int at) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      if (x[i] > max) {
        max = x[i];
      }
    }
    return max;
  }

  /** The sum, by 16 strided partial sums in double, combined in a fixed tree. */
  static double sum(int n, float[] x, int at) {
    double[] sums = new double[PARTIALS];
    int i = 0;
    for (; i + PARTIALS <= n; i += PARTIALS) {
      for (int l = 0; l < PARTIALS; l++) {
        sums[l] += x[at + i + l];
      }
    }
    for (int l = 0; i + l < n; l++) {
      sums[l] += x[at + i + l];
    }
    for (int half = PARTIALS / 2; half > 0; half /= 2) {
      for (int l = 0; l < half; l++) {
        sums[l] += sums[l + half];
      }
    }
    return sums[0];
  }
}
