package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;

/** Weights that add up to 1: {@code w[i] = exp(e[i] - max) / sum of exp(e[j] - max)}. */
final class Softmax {
  /** Partial sums: what the fixed tree combines. */
  private static final int PARTIALS = 16;

  private Softmax() {}

  /** Scratch memory that {@link #apply} takes. */
  static float[] partials(Context context) {
    return context.floats(PARTIALS);
  }

  /**
   * Turns n scores from {@code at} into weights.
   *
   * @param e scores; becomes weights. Modified
   * @param partials from {@link #partials}. Modified
   */
  static void apply(Kernels kernels, int n, float[] e, int at, float[] partials) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, e[at + i]);
    }
    for (int i = 0; i < n; i++) {
      e[at + i] -= max;
    }
    kernels.exp(n, e, at, e, at);
    java.util.Arrays.fill(partials, 0f);
    for (int i = 0; i < n; i++) {
      partials[i % PARTIALS] += e[at + i];
    }
    float sum = PortableKernels.tree(partials);
    for (int i = 0; i < n; i++) {
      e[at + i] /= sum;
    }
  }

  /**
   * The derivative: {@code de[i] = w[i] (dw[i] - sum of w[j] dw[j])}.
   *
   * @param w n weights from {@code at}. Not modified
   * @param dw the loss's derivative by the weights; becomes that by the scores. Modified
   */
  static void back(Kernels kernels, int n, float[] w, int at, float[] dw) {
    float mean = kernels.dot(n, w, at, dw, at);
    for (int i = 0; i < n; i++) {
      dw[at + i] = w[at + i] * (dw[at + i] - mean);
    }
  }
}
