package dev.eddy.model.kernel;

/**
 * The kernels in plain Java, written so that C2 turns the inner loops into vector code. It does so
 * where every array of a loop is read from its beginning and the body is small, and not where one
 * flat array is read at several offsets; so blocks are copied to scratch rows, worked on there, and
 * copied back.
 */
public final class PortableKernels implements Kernels {
  /** Partial sums of {@link #dot}. */
  private static final int PARTIALS = 16;

  /** Columns and rows of c worked on at a time: 32 KiB, a first-level cache. */
  private static final int COLUMNS = 256;

  private static final int ROWS = 32;

  /** Rows of b taken together, so that a sum is loaded and stored once in four multiply-adds. */
  private static final int DEPTH = 4;

  /** Scratch rows of a thread: ROWS of c, then DEPTH of b. */
  private static final ThreadLocal<float[][]> SCRATCH =
      ThreadLocal.withInitial(() -> new float[ROWS + DEPTH][COLUMNS]);

  @Override
  public String name() {
    return "portable";
  }

  @Override
  public void addProduct(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow,
      float[] c,
      int cOffset,
      int cRow) {
    float[][] scratch = SCRATCH.get();
    for (int j = 0; j < n; j += COLUMNS) {
      int columns = Math.min(COLUMNS, n - j);
      for (int i = 0; i < m; i += ROWS) {
        int rows = Math.min(ROWS, m - i);
        int cAt = cOffset + i * cRow + j;
        for (int r = 0; r < rows; r++) {
          System.arraycopy(c, cAt + r * cRow, scratch[r], 0, columns);
        }
        addBlock(
            scratch, rows, columns, k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset + j, bRow);
        for (int r = 0; r < rows; r++) {
          System.arraycopy(scratch[r], 0, c, cAt + r * cRow, columns);
        }
      }
    }
  }

  /** All of k for one block of c. scratch: Modified. */
  private static void addBlock(
      float[][] scratch,
      int rows,
      int columns,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow) {
    float[] b0 = scratch[ROWS];
    float[] b1 = scratch[ROWS + 1];
    float[] b2 = scratch[ROWS + 2];
    float[] b3 = scratch[ROWS + 3];
    int p = 0;
    for (; p + DEPTH <= k; p += DEPTH) {
      int bAt = bOffset + p * bRow;
      System.arraycopy(b, bAt, b0, 0, columns);
      System.arraycopy(b, bAt + bRow, b1, 0, columns);
      System.arraycopy(b, bAt + 2 * bRow, b2, 0, columns);
      System.arraycopy(b, bAt + 3 * bRow, b3, 0, columns);
      for (int r = 0; r < rows; r++) {
        int at = aOffset + r * aRow + p * aColumn;
        addFour(
            columns,
            a[at],
            a[at + aColumn],
            a[at + 2 * aColumn],
            a[at + 3 * aColumn],
            b0,
            b1,
            b2,
            b3,
            scratch[r]);
      }
    }
    for (; p < k; p++) {
      System.arraycopy(b, bOffset + p * bRow, b0, 0, columns);
      for (int r = 0; r < rows; r++) {
        addOne(columns, a[aOffset + r * aRow + p * aColumn], b0, scratch[r]);
      }
    }
  }

  private static void addFour(
      int n,
      float a0,
      float a1,
      float a2,
      float a3,
      float[] b0,
      float[] b1,
      float[] b2,
      float[] b3,
      float[] c) {
    for (int j = 0; j < n; j++) {
      c[j] =
          Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], c[j]))));
    }
  }

  private static void addOne(int n, float a0, float[] b0, float[] c) {
    for (int j = 0; j < n; j++) {
      c[j] = Math.fma(a0, b0[j], c[j]);
    }
  }

  @Override
  public int packedSize(int rows, int columns) {
    return rows * columns;
  }

  @Override
  public void pack(
      int rows,
      int columns,
      int row,
      int count,
      float[] w,
      int wOffset,
      int wRow,
      int wColumn,
      float[] packed) {
    for (int i = 0; i < count; i++) {
      int to = (row + i) * columns;
      int from = wOffset + i * wRow;
      for (int j = 0; j < columns; j++) {
        packed[to + j] = w[from + j * wColumn];
      }
    }
  }

  @Override
  public void affine(
      int m,
      int n,
      float[] packed,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int l,
      float[] b,
      int bOffset,
      int bRow,
      float[] c,
      int cOffset,
      int cRow) {
    float[][] scratch = SCRATCH.get();
    for (int j = 0; j < n; j += COLUMNS) {
      int columns = Math.min(COLUMNS, n - j);
      for (int i = 0; i < m; i += ROWS) {
        int rows = Math.min(ROWS, m - i);
        for (int r = 0; r < rows; r++) {
          System.arraycopy(packed, j, scratch[r], 0, columns);
        }
        int at = n + j; // P's row 1
        addBlock(scratch, rows, columns, k, a, aOffset + i * aRow, aRow, 1, packed, at, n);
        at += k * n;
        addBlock(scratch, rows, columns, l, b, bOffset + i * bRow, bRow, 1, packed, at, n);
        int cAt = cOffset + i * cRow + j;
        for (int r = 0; r < rows; r++) {
          System.arraycopy(scratch[r], 0, c, cAt + r * cRow, columns);
        }
      }
    }
  }

  @Override
  public void lstm(
      int m,
      int units,
      float[] z,
      int zOffset,
      int zRow,
      float[] before,
      int beforeOffset,
      float[] after,
      int afterOffset,
      int stateRow) {
    PortableLstm.forward(
        SCRATCH.get(),
        COLUMNS,
        m,
        units,
        z,
        zOffset,
        zRow,
        before,
        beforeOffset,
        after,
        afterOffset,
        stateRow);
  }

  @Override
  public void lstmBack(
      int m,
      int units,
      float[] z,
      int zOffset,
      int zRow,
      float[] before,
      int beforeOffset,
      float[] dAfter,
      float[] dBefore,
      int dOffset,
      float[] dz,
      int dzOffset) {
    PortableLstm.back(
        SCRATCH.get(),
        COLUMNS,
        m,
        units,
        z,
        zOffset,
        zRow,
        before,
        beforeOffset,
        dAfter,
        dBefore,
        dOffset,
        dz,
        dzOffset);
  }

  @Override
  public void sigmoid(int length, float[] x, int xOffset, float[] y, int yOffset) {
    float[] block = SCRATCH.get()[0];
    for (int at = 0; at < length; at += COLUMNS) {
      int n = Math.min(COLUMNS, length - at);
      System.arraycopy(x, xOffset + at, block, 0, n);
      sigmoid(n, block);
      System.arraycopy(block, 0, y, yOffset + at, n);
    }
  }

  @Override
  public void tanh(int length, float[] x, int xOffset, float[] y, int yOffset) {
    float[] block = SCRATCH.get()[0];
    for (int at = 0; at < length; at += COLUMNS) {
      int n = Math.min(COLUMNS, length - at);
      System.arraycopy(x, xOffset + at, block, 0, n);
      tanh(n, block);
      System.arraycopy(block, 0, y, yOffset + at, n);
    }
  }

  @Override
  public void exp(int length, float[] x, int xOffset, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = Functions.exp(x[xOffset + i]);
    }
  }

  /** The steps of {@link Functions#sigmoid}, each a loop small enough. x: Modified. */
  static void sigmoid(int n, float[] x) {
    halve(n, x);
    tanh(n, x);
    halfAndAHalf(n, x);
  }

  /** x: Modified. */
  static void tanh(int n, float[] x) {
    for (int i = 0; i < n; i++) {
      x[i] = Functions.tanh(x[i]);
    }
  }

  private static void halve(int n, float[] x) {
    for (int i = 0; i < n; i++) {
      x[i] = 0.5f * x[i];
    }
  }

  private static void halfAndAHalf(int n, float[] x) {
    for (int i = 0; i < n; i++) {
      x[i] = Math.fma(0.5f, x[i], 0.5f);
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
