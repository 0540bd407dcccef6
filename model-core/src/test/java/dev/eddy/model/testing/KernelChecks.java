package dev.eddy.model.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.kernel.Functions;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.Rng;
import java.util.function.UnaryOperator;

/**
 * What every provider of kernels must give, to the bit, over awkward sizes, offsets and strides.
 */
public final class KernelChecks {
  private static final int[] SIZES = {0, 1, 2, 3, 4, 5, 13, 16, 31, 67, 207};
  private static final int GUARD = 7;

  private KernelChecks() {}

  /** Products against the definition: k ascending, fused multiply-add, starting from c. */
  public static void products(Kernels kernels) {
    for (int m : SIZES) {
      for (int n : SIZES) {
        for (int k : new int[] {0, 1, 3, 4, 13, 129}) {
          if ((long) m * n * k < 300_000) {
            product(kernels, m, n, k, false);
            product(kernels, m, n, k, true);
          }
        }
      }
    }
    product(kernels, 5, 702, 13, false);
    product(kernels, 702, 13, 5, true);
    product(kernels, 13, 5, 702, true);
  }

  private static void product(Kernels kernels, int m, int n, int k, boolean transposed) {
    Rng rng = Rng.of(m, n, k);
    int aRow = transposed ? 1 : k + 3;
    int aColumn = transposed ? m + 2 : 1;
    int bRow = n + 1;
    int cRow = n + 5;
    float[] a = random(rng, 2 + (transposed ? k * aColumn : m * aRow));
    float[] b = random(rng, 1 + k * bRow);
    float[] c = random(rng, GUARD + m * cRow + GUARD);
    float[] expected = c.clone();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = c[GUARD + i * cRow + j];
        for (int p = 0; p < k; p++) {
          sum = Math.fma(a[2 + i * aRow + p * aColumn], b[1 + p * bRow + j], sum);
        }
        expected[GUARD + i * cRow + j] = sum;
      }
    }
    kernels.addProduct(m, n, k, a, 2, aRow, aColumn, b, 1, bRow, c, GUARD, cRow);
    same("product m=%d n=%d k=%d transposed=%s".formatted(m, n, k, transposed), c, expected);
  }

  /** tanh, sigmoid and exp against {@link Functions}, over every exponent, in place and not. */
  public static void functions(Kernels kernels) {
    float[] all = new float[500_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = Float.intBitsToFloat((int) (Integer.MIN_VALUE + i * 8589L));
    }
    float[] corners = {
      0f,
      -0f,
      1f,
      -1f,
      9.02f,
      -9.02f,
      9.1f,
      Float.MIN_VALUE,
      -Float.MIN_NORMAL,
      Float.MAX_VALUE,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN,
      0x1p-12f,
      88f,
      -104f
    };
    functions(kernels, all, all.length);
    functions(kernels, corners, corners.length);
    for (int n : new int[] {0, 1, 13, 207, 702}) {
      functions(kernels, random(new Rng(n), n), n);
    }
  }

  private static void functions(Kernels kernels, float[] x, int n) {
    function("tanh", kernels::tanh, Functions::tanh, x, n);
    function("sigmoid", kernels::sigmoid, Functions::sigmoid, x, n);
    function("exp", kernels::exp, Functions::exp, x, n);
  }

  private interface Elementwise {
    void apply(int length, float[] x, int xOffset, float[] y, int yOffset);
  }

  private static void function(
      String name, Elementwise kernel, UnaryOperator<Float> definition, float[] x, int n) {
    float[] expected = new float[n + GUARD];
    for (int i = 0; i < n; i++) {
      expected[3 + i] = definition.apply(x[i]);
    }
    float[] y = new float[n + GUARD];
    kernel.apply(n, x, 0, y, 3);
    same(name + " of " + n, y, expected);
    System.arraycopy(x, 0, y, 3, n);
    kernel.apply(n, y, 3, y, 3);
    same(name + " in place of " + n, y, expected);
  }

  /** Dot products against the definition: 16 strided partial sums, halved until one is left. */
  public static void dots(Kernels kernels) {
    for (int n : new int[] {0, 1, 13, 15, 16, 17, 31, 32, 207, 702}) {
      Rng rng = new Rng(n);
      float[] a = random(rng, n + 2);
      float[] b = random(rng, n + 3);
      float[] sums = new float[16];
      for (int i = 0; i < n; i++) {
        sums[i % 16] = Math.fma(a[2 + i], b[3 + i], sums[i % 16]);
      }
      for (int half = 8; half > 0; half /= 2) {
        for (int l = 0; l < half; l++) {
          sums[l] = sums[l] + sums[l + half];
        }
      }
      same("dot of " + n, new float[] {kernels.dot(n, a, 2, b, 3)}, new float[] {sums[0]});
    }
  }

  private static float[] random(Rng rng, int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) rng.nextGaussian();
    }
    return x;
  }

  /** Same bits everywhere (every NaN counts as the same), guards around the result included. */
  public static void same(String what, float[] actual, float[] expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      if (Float.floatToIntBits(actual[i]) != Float.floatToIntBits(expected[i])) {
        throw new AssertionError(
            "%s [%d]: %s is not %s to the bit".formatted(what, i, actual[i], expected[i]));
      }
    }
  }
}
