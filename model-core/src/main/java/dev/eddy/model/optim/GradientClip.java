package dev.eddy.model.optim;

/** Keeps a step small where the gradient is steep (Pascanu, Mikolov and Bengio 2013). */
public final class GradientClip {
  private static final int LANES = 16;

  private GradientClip() {}

  /**
   * Scales the gradients down so that their Euclidean norm is at most {@code limit}.
   *
   * @param grads Modified; left as they are if their norm is within the limit or not finite
   * @param limit above 0; infinite for no limit
   * @return the norm before: not finite if a gradient was not
   */
  public static double byNorm(float[] grads, double limit) {
    if (!(limit > 0)) {
      throw new IllegalArgumentException("the limit of the norm must be above 0, got " + limit);
    }
    double norm = norm(grads);
    if (norm > limit && norm < Double.POSITIVE_INFINITY) {
      float scale = (float) (limit / norm);
      for (int i = 0; i < grads.length; i++) {
        grads[i] *= scale;
      }
    }
    return norm;
  }

  /**
   * Cuts every gradient to [-limit, limit].
   *
   * @param grads Modified; one that is not a number stays so
   * @param limit above 0; infinite for no limit
   */
  public static void byValue(float[] grads, double limit) {
    if (!(limit > 0)) {
      throw new IllegalArgumentException("the limit of a gradient must be above 0, got " + limit);
    }
    float bound = (float) limit;
    for (int i = 0; i < grads.length; i++) {
      grads[i] = Math.max(-bound, Math.min(bound, grads[i]));
    }
  }

  /** The Euclidean norm: 16 strided partial sums, combined in a fixed tree. */
  private static double norm(float[] grads) {
    double[] lanes = new double[LANES];
    int whole = grads.length - grads.length % LANES;
    for (int i = 0; i < whole; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        double g = grads[i + l];
        lanes[l] += g * g;
      }
    }
    for (int i = whole; i < grads.length; i++) {
      double g = grads[i];
      lanes[i - whole] += g * g;
    }
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    return Math.sqrt(lanes[0]);
  }
}
