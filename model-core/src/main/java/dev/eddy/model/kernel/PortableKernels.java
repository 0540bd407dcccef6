package dev.eddy.model.kernel;

/** The kernels in plain Java, written so that the JIT compiler turns the inner loops into vector code. */
public final class PortableKernels implements Kernels {
  /** Partial sums of {@link #dot}. */
  private static final int PARTIALS = 16;

  @Override
  public String name() {
    return "portable";
  }

  @Override
  public void addProduct(
      int m, int n, int k,
      float[] a, int aOffset, int aRow, int aColumn,
      float[] b, int bOffset, int bRow,
      float[] c, int cOffset, int cRow) {
    for (int i = 0; i < m; i++) {
      int ai = aOffset + i * aRow;
      int ci = cOffset + i * cRow;
      for (int kk = 0; kk < k; kk++) {
        addScaledRow(n, a[ai + kk * aColumn], b, bOffset + kk * bRow, c, ci);
      }
    }
  }

  private static void addScaledRow(int n, float s, float[] b, int bo, float[] c, int co) {
    for (int j = 0; j < n; j++) {
      c[co + j] = Math.fma(s, b[bo + j], c[co + j]);
    }
  }

  @Override
  public void sigmoid(int length, float[] x, int xOffset, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = Functions.sigmoid(x[xOffset + i]);
    }
  }

  @Override
  public void tanh(int length, float[] x, int xOffset, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = Functions.tanh(x[xOffset + i]);
    }
  }

  @Override
  public float dot(int length, float[] a, int aOffset, float[] b, int bOffset) {
    float[] sums = new float[PARTIALS];
    int i = 0;
    for (; i + PARTIALS <= length; i += PARTIALS) {
      for (int l = 0; l < PARTIALS; l++) {
        sums[l] = Math.fma(a[aOffset + i + l], b[bOffset + i + l], sums[l]);
      }
    }
    for (int l = 0; i + l < length; l++) {
      sums[l] = Math.fma(a[aOffset + i + l], b[bOffset + i + l], sums[l]);
    }
    return tree(sums);
  }

  /** Adds 16 partial sums in the fixed order of every provider. sums: Modified. */
  public static float tree(float[] sums) {
    for (int half = PARTIALS / 2; half > 0; half /= 2) {
      for (int l = 0; l < half; l++) {
        sums[l] += sums[l + half];
      }
    }
    return sums[0];
  }
}
