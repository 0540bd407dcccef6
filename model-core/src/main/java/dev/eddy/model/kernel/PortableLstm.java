package dev.eddy.model.kernel;

/**
 * The gates of an LSTM in plain Java. Columns of several rows are gathered into scratch arrays, one
 * for each gate, which the small loops read from their beginning: C2 makes vector code of those.
 */
final class PortableLstm {
  private PortableLstm() {}

  /** {@link Kernels#lstm}. scratch: at least 6 arrays of {@code block} floats. Modified. */
  static void forward(
      float[][] scratch,
      int block,
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
    float[] i = scratch[0];
    float[] f = scratch[1];
    float[] o = scratch[2];
    float[] g = scratch[3];
    float[] c = scratch[4];
    float[] t = scratch[5];
    int columns = Math.min(units, block);
    int rows = block / columns;
    for (int j = 0; j < units; j += columns) {
      int width = Math.min(columns, units - j);
      for (int r = 0; r < m; r += rows) {
        int height = Math.min(rows, m - r);
        int n = height * width;
        int zAt = zOffset + r * zRow + j;
        int beforeAt = beforeOffset + r * stateRow + j;
        int afterAt = afterOffset + r * stateRow + j;
        gather(height, width, z, zAt, zRow, i);
        gather(height, width, z, zAt + units, zRow, f);
        gather(height, width, z, zAt + 2 * units, zRow, o);
        gather(height, width, z, zAt + 3 * units, zRow, g);
        gather(height, width, before, beforeAt + units, stateRow, c);
        PortableKernels.sigmoid(n, i);
        PortableKernels.sigmoid(n, f);
        PortableKernels.sigmoid(n, o);
        PortableKernels.tanh(n, g);
        cell(n, i, f, g, c);
        System.arraycopy(c, 0, t, 0, n);
        PortableKernels.tanh(n, t);
        scatter(height, width, i, z, zAt, zRow);
        scatter(height, width, f, z, zAt + units, zRow);
        scatter(height, width, o, z, zAt + 2 * units, zRow);
        scatter(height, width, g, z, zAt + 3 * units, zRow);
        scatter(height, width, t, z, zAt + 4 * units, zRow);
        scatter(height, width, c, after, afterAt + units, stateRow);
        multiply(n, o, t);
        scatter(height, width, o, after, afterAt, stateRow);
      }
    }
  }

  private static void cell(int n, float[] i, float[] f, float[] g, float[] c) {
    for (int j = 0; j < n; j++) {
      c[j] = Math.fma(f[j], c[j], i[j] * g[j]);
    }
  }

  private static void multiply(int n, float[] x, float[] y) {
    for (int j = 0; j < n; j++) {
      x[j] *= y[j];
    }
  }

  /** {@link Kernels#lstmBack}. scratch: at least 9 arrays of {@code block} floats. Modified. */
  static void back(
      float[][] scratch,
      int block,
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
    float[] i = scratch[0];
    float[] f = scratch[1];
    float[] o = scratch[2];
    float[] g = scratch[3];
    float[] t = scratch[4];
    float[] c = scratch[5];
    float[] dh = scratch[6];
    float[] dc = scratch[7];
    float[] d = scratch[8];
    int columns = Math.min(units, block);
    int rows = block / columns;
    int state = 2 * units;
    int gates = 4 * units;
    for (int j = 0; j < units; j += columns) {
      int width = Math.min(columns, units - j);
      for (int r = 0; r < m; r += rows) {
        int height = Math.min(rows, m - r);
        int n = height * width;
        int zAt = zOffset + r * zRow + j;
        int dzAt = dzOffset + r * gates + j;
        int at = r * state + j;
        int dAt = dOffset + at;
        gather(height, width, z, zAt, zRow, i);
        gather(height, width, z, zAt + units, zRow, f);
        gather(height, width, z, zAt + 2 * units, zRow, o);
        gather(height, width, z, zAt + 3 * units, zRow, g);
        gather(height, width, z, zAt + 4 * units, zRow, t);
        gather(height, width, before, beforeOffset + at + units, state, c);
        gather(height, width, dAfter, dAt, state, dh);
        gather(height, width, dAfter, dAt + units, state, dc);
        cellBack(n, dh, o, t, dc);
        sigmoidBack(n, dc, g, i, d);
        scatter(height, width, d, dz, dzAt, gates);
        sigmoidBack(n, dc, c, f, d);
        scatter(height, width, d, dz, dzAt + units, gates);
        sigmoidBack(n, dh, t, o, d);
        scatter(height, width, d, dz, dzAt + 2 * units, gates);
        tanhBack(n, dc, i, g, d);
        scatter(height, width, d, dz, dzAt + 3 * units, gates);
        multiply(n, dc, f);
        scatter(height, width, dc, dBefore, dAt + units, state);
      }
    }
  }

  private static void cellBack(int n, float[] dh, float[] o, float[] t, float[] dc) {
    for (int j = 0; j < n; j++) {
      dc[j] = Math.fma(dh[j] * o[j], 1 - t[j] * t[j], dc[j]);
    }
  }

  private static void sigmoidBack(int n, float[] d, float[] factor, float[] s, float[] ds) {
    for (int j = 0; j < n; j++) {
      ds[j] = d[j] * factor[j] * s[j] * (1 - s[j]);
    }
  }

  private static void tanhBack(int n, float[] d, float[] factor, float[] t, float[] dt) {
    for (int j = 0; j < n; j++) {
      dt[j] = d[j] * factor[j] * (1 - t[j] * t[j]);
    }
  }

  private static void gather(int rows, int width, float[] from, int at, int row, float[] to) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(from, at + r * row, to, r * width, width);
    }
  }

  private static void scatter(int rows, int width, float[] from, float[] to, int at, int row) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(from, r * width, to, at + r * row, width);
    }
  }
}
