package dev.eddy.model.loss;

/**
 * The logarithm of the gamma function and its derivative, for x &gt; 0, in double. Below {@link
 * #FAR} by the recurrence {@code gamma(x + 1) = x gamma(x)}, from there on by Stirling's series
 * (Abramowitz and Stegun 6.1.40 and 6.3.18), whose first term left out is below 1e-17 there. Made
 * of StrictMath and exact operations, so the same bits everywhere.
 */
final class Gamma {
  private static final double FAR = 16;
  private static final double HALF_LOG_2_PI = 0.9189385332046728;

  private Gamma() {}

  /** {@code log gamma(x)}; error at most 1e-13 times max(1, |result|). NaN for x not above 0. */
  static double log(double x) {
    if (!(x > 0)) {
      return Double.NaN;
    }
    double product = 1;
    double z = x;
    while (z < FAR) {
      product *= z;
      z += 1;
    }
    double u = 1 / (z * z);
    double series =
        1.0 / 12
            + u
                * (-1.0 / 360
                    + u
                        * (1.0 / 1260
                            + u * (-1.0 / 1680 + u * (1.0 / 1188 + u * (-691.0 / 360360)))));
    double far = (z - 0.5) * StrictMath.log(z) - z + HALF_LOG_2_PI + series / z;
    return z == x ? far : far - StrictMath.log(product);
  }

  /**
   * The derivative of {@link #log}; error at most 1e-13 times max(1, |result|). NaN for x not above
   * 0.
   */
  static double digamma(double x) {
    if (!(x > 0)) {
      return Double.NaN;
    }
    double sum = 0;
    double z = x;
    while (z < FAR) {
      sum += 1 / z;
      z += 1;
    }
    double u = 1 / (z * z);
    double series =
        u
            * (1.0 / 12
                + u
                    * (-1.0 / 120
                        + u
                            * (1.0 / 252
                                + u * (-1.0 / 240 + u * (1.0 / 132 + u * (-691.0 / 32760))))));
    return StrictMath.log(z) - 1 / (2 * z) - series - sum;
  }
}
