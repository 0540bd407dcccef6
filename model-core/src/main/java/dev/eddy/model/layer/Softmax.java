package dev.eddy.model.layer;

import dev.eddy.model.kernel.Functions;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;
import java.util.Arrays;

/** Weights that add up to 1: {@code w[i] = exp(e[i] - max) / sum of exp(e[j] - max)}. */
public final class Softmax {
  /** Partial sums: what the fixed tree combines. */
  private static final int PARTIALS = 16;

  private Softmax() {}

  /** Scratch memory that {@link #apply} takes. */
  public static float[] partials(Context context) {
    return context.floats(PARTIALS);
  }

  /**
   * Turns n scores from {@code at} into weights.
   *
   * @param e scores; becomes weights. Modified
   * @param partials from {@link #partials}. Modified
   */
  static void apply(Kernels kernels, int n, float[] e, int at, float[] partials) {
    subtractMax(n, e, at);
    kernels.exp(n, e, at, e, at);
    float sum = sum(n, e, at, partials);
    for (int i = 0; i < n; i++) {
      e[at + i] /= sum;
    }
  }

  /**
   * Turns n scores from {@code at} into the logarithms of their weights.
   *
   * @param e scores; becomes logarithms. Modified
   * @param scratch {@code [n]}. Modified
   * @param partials from {@link #partials}. Modified
   */
  public static void logarithms(
      Kernels kernels, int n, float[] e, int at, float[] scratch, float[] partials) {
    subtractMax(n, e, at);
    kernels.exp(n, e, at, scratch, 0);
    float logSum = Functions.log(sum(n, scratch, 0, partials));
    for (int i = 0; i < n; i++) {
      e[at + i] -= logSum;
    }
  }

  private static void subtractMax(int n, float[] e, int at) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, e[at + i]);
    }
    for (int i = 0; i < n; i++) {
      e[at + i] -= max;
    }
  }

  private static float sum(int n, float[] x, int at, float[] partials) {
    Arrays.fill(partials, 0f);
    for (int i = 0; i < n; i++) {
      partials[i % PARTIALS] += x[at + i];
    }
    return PortableKernels.tree(partials);
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
