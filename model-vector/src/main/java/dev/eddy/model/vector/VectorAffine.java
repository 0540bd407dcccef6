package dev.eddy.model.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products with packed weights. The packed form is panels of 4 vectors of columns, {@code [columns
 * / PANEL][rows][PANEL]}, so that a tile of 4 rows by 4 vectors reads its weights as one stream;
 * the last panel is as many vectors wide as it needs, padded with zeros. 16 sums take 16 of 32
 * registers; where vectors are narrower than 512 bits there may be only 16, and the tiles of {@link
 * VectorProduct} run over the same panels.
 */
final class VectorAffine {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = SPECIES.length();
  private static final int PANEL = 4 * LANES;
  private static final int TILE_ROWS = 4;

  /** Rows that pass all panels before the next rows do: a panel is then read from L1, not L2. */
  private static final int ROWS = 32;

  /** A thread's copy of a tile of the last columns, whole vectors wide. */
  private static final ThreadLocal<float[]> PADDED =
      ThreadLocal.withInitial(() -> new float[TILE_ROWS * PANEL]);

  private VectorAffine() {}

  /** {@link dev.eddy.model.kernel.Kernels#packedSize}. */
  static int packedSize(int rows, int columns) {
    return rows * padded(columns);
  }

  private static int padded(int columns) {
    return (columns + LANES - 1) / LANES * LANES;
  }

  /** {@link dev.eddy.model.kernel.Kernels#pack}. */
  static void pack(
      int rows,
      int columns,
      int row,
      int count,
      float[] w,
      int wOffset,
      int wRow,
      int wColumn,
      float[] packed) {
    for (int j = 0; j < columns; j += PANEL) {
      int real = Math.min(PANEL, columns - j);
      int width = padded(real);
      for (int i = 0; i < count; i++) {
        int to = j * rows + (row + i) * width;
        int from = wOffset + i * wRow + j * wColumn;
        for (int q = 0; q < real; q++) {
          packed[to + q] = w[from + q * wColumn];
        }
        for (int q = real; q < width; q++) {
          packed[to + q] = 0f;
        }
      }
    }
  }

  /** {@link dev.eddy.model.kernel.Kernels#affine}. */
  static void affine(
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
    int height = 1 + k + l;
    for (int i = 0; i < m; i += ROWS) {
      int rows = Math.min(ROWS, m - i);
      int aAt = aOffset + i * aRow;
      int bAt = bOffset + i * bRow;
      int cAt = cOffset + i * cRow;
      int j = 0;
      if (VectorProduct.MANY_REGISTERS) {
        for (; j + PANEL <= n; j += PANEL) {
          panel(rows, packed, j * height, k, a, aAt, aRow, l, b, bAt, bRow, c, cAt + j, cRow);
        }
      }
      for (; j < n; j += PANEL) {
        int width = Math.min(PANEL, n - j);
        narrow(rows, width, packed, j * height, k, a, aAt, aRow, l, b, bAt, bRow, c, cAt + j, cRow);
      }
    }
  }

  /** All rows of a block in one panel of whole width. */
  private static void panel(
      int rows,
      float[] packed,
      int panel,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int l,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    int i = 0;
    for (; i + TILE_ROWS <= rows; i += TILE_ROWS) {
      int aTile = aAt + i * aRow;
      int bTile = bAt + i * bRow;
      tile4x4(packed, panel, k, a, aTile, aRow, l, b, bTile, bRow, c, cAt + i * cRow, cRow);
    }
    for (; i < rows; i++) {
      tile1x4(packed, panel, k, a, aAt + i * aRow, l, b, bAt + i * bRow, c, cAt + i * cRow);
    }
  }

  /** All rows of a block in one panel, 4 at a time, in a copy whole vectors wide. */
  private static void narrow(
      int rows,
      int columns,
      float[] packed,
      int panel,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int l,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    float[] copy = PADDED.get();
    int width = padded(columns);
    int first = panel + width;
    int second = first + k * width;
    for (int i = 0; i < rows; i += TILE_ROWS) {
      int tile = Math.min(TILE_ROWS, rows - i);
      for (int r = 0; r < tile; r++) {
        System.arraycopy(packed, panel, copy, r * width, width);
      }
      int aTile = aAt + i * aRow;
      int bTile = bAt + i * bRow;
      VectorProduct.columns(
          tile, width, k, a, aTile, aRow, 1, packed, first, width, copy, 0, width);
      VectorProduct.columns(
          tile, width, l, b, bTile, bRow, 1, packed, second, width, copy, 0, width);
      for (int r = 0; r < tile; r++) {
        System.arraycopy(copy, r * width, c, cAt + (i + r) * cRow, columns);
      }
    }
  }

  /** 4 rows by 4 vectors of c, which begin as the panel's first row. c: Modified. */
  private static void tile4x4(
      float[] packed,
      int panel,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int l,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    FloatVector c00 = FloatVector.fromArray(SPECIES, packed, panel);
    FloatVector c01 = FloatVector.fromArray(SPECIES, packed, panel + LANES);
    FloatVector c02 = FloatVector.fromArray(SPECIES, packed, panel + 2 * LANES);
    FloatVector c03 = FloatVector.fromArray(SPECIES, packed, panel + 3 * LANES);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c12 = c02;
    FloatVector c13 = c03;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c22 = c02;
    FloatVector c23 = c03;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c32 = c02;
    FloatVector c33 = c03;
    int from = panel + PANEL;
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(SPECIES, packed, from);
      FloatVector w1 = FloatVector.fromArray(SPECIES, packed, from + LANES);
      FloatVector w2 = FloatVector.fromArray(SPECIES, packed, from + 2 * LANES);
      FloatVector w3 = FloatVector.fromArray(SPECIES, packed, from + 3 * LANES);
      FloatVector x0 = FloatVector.broadcast(SPECIES, a[aAt + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      c02 = x0.fma(w2, c02);
      c03 = x0.fma(w3, c03);
      FloatVector x1 = FloatVector.broadcast(SPECIES, a[aAt + p + aRow]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      c12 = x1.fma(w2, c12);
      c13 = x1.fma(w3, c13);
      FloatVector x2 = FloatVector.broadcast(SPECIES, a[aAt + p + 2 * aRow]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      c22 = x2.fma(w2, c22);
      c23 = x2.fma(w3, c23);
      FloatVector x3 = FloatVector.broadcast(SPECIES, a[aAt + p + 3 * aRow]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      c32 = x3.fma(w2, c32);
      c33 = x3.fma(w3, c33);
      from += PANEL;
    }
    for (int p = 0; p < l; p++) {
      FloatVector w0 = FloatVector.fromArray(SPECIES, packed, from);
      FloatVector w1 = FloatVector.fromArray(SPECIES, packed, from + LANES);
      FloatVector w2 = FloatVector.fromArray(SPECIES, packed, from + 2 * LANES);
      FloatVector w3 = FloatVector.fromArray(SPECIES, packed, from + 3 * LANES);
      FloatVector x0 = FloatVector.broadcast(SPECIES, b[bAt + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      c02 = x0.fma(w2, c02);
      c03 = x0.fma(w3, c03);
      FloatVector x1 = FloatVector.broadcast(SPECIES, b[bAt + p + bRow]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      c12 = x1.fma(w2, c12);
      c13 = x1.fma(w3, c13);
      FloatVector x2 = FloatVector.broadcast(SPECIES, b[bAt + p + 2 * bRow]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      c22 = x2.fma(w2, c22);
      c23 = x2.fma(w3, c23);
      FloatVector x3 = FloatVector.broadcast(SPECIES, b[bAt + p + 3 * bRow]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      c32 = x3.fma(w2, c32);
      c33 = x3.fma(w3, c33);
      from += PANEL;
    }
    int to = cAt;
    c00.intoArray(c, to);
    c01.intoArray(c, to + LANES);
    c02.intoArray(c, to + 2 * LANES);
    c03.intoArray(c, to + 3 * LANES);
    to += cRow;
    c10.intoArray(c, to);
    c11.intoArray(c, to + LANES);
    c12.intoArray(c, to + 2 * LANES);
    c13.intoArray(c, to + 3 * LANES);
    to += cRow;
    c20.intoArray(c, to);
    c21.intoArray(c, to + LANES);
    c22.intoArray(c, to + 2 * LANES);
    c23.intoArray(c, to + 3 * LANES);
    to += cRow;
    c30.intoArray(c, to);
    c31.intoArray(c, to + LANES);
    c32.intoArray(c, to + 2 * LANES);
    c33.intoArray(c, to + 3 * LANES);
  }

  /** 1 row by 4 vectors of c, which begin as the panel's first row. c: Modified. */
  private static void tile1x4(
      float[] packed,
      int panel,
      int k,
      float[] a,
      int aAt,
      int l,
      float[] b,
      int bAt,
      float[] c,
      int cAt) {
    FloatVector c0 = FloatVector.fromArray(SPECIES, packed, panel);
    FloatVector c1 = FloatVector.fromArray(SPECIES, packed, panel + LANES);
    FloatVector c2 = FloatVector.fromArray(SPECIES, packed, panel + 2 * LANES);
    FloatVector c3 = FloatVector.fromArray(SPECIES, packed, panel + 3 * LANES);
    int from = panel + PANEL;
    for (int p = 0; p < k; p++) {
      FloatVector x = FloatVector.broadcast(SPECIES, a[aAt + p]);
      c0 = x.fma(FloatVector.fromArray(SPECIES, packed, from), c0);
      c1 = x.fma(FloatVector.fromArray(SPECIES, packed, from + LANES), c1);
      c2 = x.fma(FloatVector.fromArray(SPECIES, packed, from + 2 * LANES), c2);
      c3 = x.fma(FloatVector.fromArray(SPECIES, packed, from + 3 * LANES), c3);
      from += PANEL;
    }
    for (int p = 0; p < l; p++) {
      FloatVector x = FloatVector.broadcast(SPECIES, b[bAt + p]);
      c0 = x.fma(FloatVector.fromArray(SPECIES, packed, from), c0);
      c1 = x.fma(FloatVector.fromArray(SPECIES, packed, from + LANES), c1);
      c2 = x.fma(FloatVector.fromArray(SPECIES, packed, from + 2 * LANES), c2);
      c3 = x.fma(FloatVector.fromArray(SPECIES, packed, from + 3 * LANES), c3);
      from += PANEL;
    }
    c0.intoArray(c, cAt);
    c1.intoArray(c, cAt + LANES);
    c2.intoArray(c, cAt + 2 * LANES);
    c3.intoArray(c, cAt + 3 * LANES);
  }
}
