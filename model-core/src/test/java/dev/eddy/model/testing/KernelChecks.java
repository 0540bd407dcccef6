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

  /** Products with packed weights: bias, then both inputs, k ascending, fused multiply-add. */
  public static void affines(Kernels kernels) {
    for (int m : new int[] {0, 1, 2, 3, 4, 5, 13, 35}) {
      for (int n : new int[] {1, 3, 4, 13, 16, 31, 64, 67, 84, 207}) {
        affine(kernels, m, n, 0, 0);
        affine(kernels, m, n, 1, 3);
        affine(kernels, m, n, 13, 0);
        affine(kernels, m, n, 5, 31);
      }
    }
    affine(kernels, 70, 256, 8, 64);
    affine(kernels, 3, 702, 207, 13);
  }

  private static void affine(Kernels kernels, int m, int n, int k, int l) {
    Rng rng = Rng.of(m, n, 1000L * k + l);
    float[] bias = random(rng, n);
    float[] first = random(rng, k * (n + 2));
    float[] second = random(rng, 1 + n * (l + 1)); // transposed
    float[] packed = random(rng, kernels.packedSize(1 + k + l, n));
    kernels.pack(1 + k + l, n, 0, 1, bias, 0, 0, 1, packed);
    kernels.pack(1 + k + l, n, 1, k, first, 0, n + 2, 1, packed);
    kernels.pack(1 + k + l, n, 1 + k, l, second, 1, 1, l + 1, packed);
    float[] a = random(rng, 2 + m * (k + 1));
    float[] b = random(rng, 3 + m * (l + 4));
    int cRow = n + 3;
    float[] c = random(rng, GUARD + m * cRow + GUARD);
    float[] expected = c.clone();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = bias[j];
        for (int p = 0; p < k; p++) {
          sum = Math.fma(a[2 + i * (k + 1) + p], first[p * (n + 2) + j], sum);
        }
        for (int p = 0; p < l; p++) {
          sum = Math.fma(b[3 + i * (l + 4) + p], second[1 + p + j * (l + 1)], sum);
        }
        expected[GUARD + i * cRow + j] = sum;
      }
    }
    kernels.affine(m, n, packed, k, a, 2, k + 1, l, b, 3, l + 4, c, GUARD, cRow);
    same("affine m=%d n=%d k=%d l=%d".formatted(m, n, k, l), c, expected);
  }

  /** The gates of an LSTM and their derivative, unit by unit; the new state also in place. */
  public static void lstms(Kernels kernels) {
    for (int m : new int[] {0, 1, 2, 5, 33}) {
      for (int units : new int[] {1, 3, 4, 8, 13, 16, 21, 64, 67, 300}) {
        lstm(kernels, m, units);
        lstmBack(kernels, m, units);
      }
    }
  }

  private static void lstm(Kernels kernels, int m, int units) {
    Rng rng = Rng.of(m, units, 1);
    int zRow = 5 * units + 2;
    int row = 2 * units + 1;
    float[] z = random(rng, GUARD + m * zRow + GUARD);
    float[] before = random(rng, 3 + m * row);
    float[] after = random(rng, 5 + m * row);
    if (m > 0) {
      z[GUARD] = 50f; // beyond the clamp
      z[GUARD + units] = Float.NEGATIVE_INFINITY;
      z[GUARD + 4 * units - 1] = Float.NaN;
    }
    float[] expectedZ = z.clone();
    float[] expected = after.clone();
    for (int r = 0; r < m; r++) {
      for (int j = 0; j < units; j++) {
        int at = GUARD + r * zRow + j;
        float i = Functions.sigmoid(z[at]);
        float f = Functions.sigmoid(z[at + units]);
        float o = Functions.sigmoid(z[at + 2 * units]);
        float g = Functions.tanh(z[at + 3 * units]);
        float c = Math.fma(f, before[3 + r * row + units + j], i * g);
        float t = Functions.tanh(c);
        float[] left = {i, f, o, g, t};
        for (int gate = 0; gate < left.length; gate++) {
          expectedZ[at + gate * units] = left[gate];
        }
        expected[5 + r * row + j] = o * t;
        expected[5 + r * row + units + j] = c;
      }
    }
    String name = "lstm m=%d units=%d".formatted(m, units);
    float[] again = z.clone();
    kernels.lstm(m, units, z, GUARD, zRow, before, 3, after, 5, row);
    same(name + " slots", z, expectedZ);
    same(name, after, expected);
    kernels.lstm(m, units, again, GUARD, zRow, before, 3, before, 3, row);
    for (int r = 0; r < m; r++) {
      for (int j = 0; j < 2 * units; j++) {
        after[5 + r * row + j] = before[3 + r * row + j];
      }
    }
    same(name + " in place", after, expected);
  }

  private static void lstmBack(Kernels kernels, int m, int units) {
    Rng rng = Rng.of(m, units, 2);
    int zRow = 5 * units + 2;
    int row = 2 * units;
    float[] z = random(rng, 1 + m * zRow);
    float[] before = random(rng, 3 + m * row);
    float[] dAfter = random(rng, 1 + m * row);
    float[] dBefore = random(rng, 1 + m * row + GUARD);
    float[] dz = random(rng, 2 + m * 4 * units + GUARD);
    float[] expectedBefore = dBefore.clone();
    float[] expected = dz.clone();
    for (int r = 0; r < m; r++) {
      for (int j = 0; j < units; j++) {
        int at = 1 + r * zRow + j;
        float i = z[at];
        float f = z[at + units];
        float o = z[at + 2 * units];
        float g = z[at + 3 * units];
        float t = z[at + 4 * units];
        float c = before[3 + r * row + units + j];
        float dh = dAfter[1 + r * row + j];
        float dc = Math.fma(dh * o, 1 - t * t, dAfter[1 + r * row + units + j]);
        int to = 2 + r * 4 * units + j;
        expected[to] = dc * g * i * (1 - i);
        expected[to + units] = dc * c * f * (1 - f);
        expected[to + 2 * units] = dh * t * o * (1 - o);
        expected[to + 3 * units] = dc * i * (1 - g * g);
        expectedBefore[1 + r * row + units + j] = dc * f;
      }
    }
    kernels.lstmBack(m, units, z, 1, zRow, before, 3, dAfter, dBefore, 1, dz, 2);
    String name = "lstmBack m=%d units=%d".formatted(m, units);
    same(name, dz, expected);
    same(name + " state", dBefore, expectedBefore);
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
