package dev.eddy.model.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The product of {@link VectorKernels}. It keeps a tile of 4 rows by 2 vectors of c (one row: 4
 * vectors) in registers while k runs: few enough for 16 registers, enough to keep two multiply-add
 * units busy. The columns behind the last whole vector are done in a padded copy. Lanes never meet,
 * so the width of a vector does not show in the result.
 */
final class VectorProduct {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = SPECIES.length();
  private static final int TILE_ROWS = 4;
  private static final int TILE_COLUMNS = 4 * LANES;

  /** Steps of k taken together: a tile's columns of b then stay in the first-level cache. */
  private static final int DEPTH = 128;

  /** Rows from which on a copy of b's columns pays. */
  private static final int COPY_ROWS = 8;

  /** With 32 registers tiles of 4 rows by 4 vectors fit; with 16 they are half as fast. */
  static final boolean MANY_REGISTERS = LANES == 16;

  /** Tiles of columns copied together: with DEPTH rows a quarter of a second-level cache. */
  private static final int COPY_TILES = 4;

  /** A thread's copy of b: tiles of DEPTH rows. */
  private static final ThreadLocal<float[]> COPY =
      ThreadLocal.withInitial(() -> new float[COPY_TILES * DEPTH * TILE_COLUMNS]);

  /** A thread's padded copies: DEPTH rows of b, then TILE_ROWS of c, each one vector wide. */
  private static final ThreadLocal<float[]> PADDED =
      ThreadLocal.withInitial(() -> new float[(DEPTH + TILE_ROWS) * LANES]);

  private VectorProduct() {}

  /** {@link dev.eddy.model.kernel.Kernels#addProduct}. */
  static void add(
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
    for (int p = 0; p < k; p += DEPTH) {
      int depth = Math.min(DEPTH, k - p);
      int aAt = aOffset + p * aColumn;
      int bAt = bOffset + p * bRow;
      int j = 0;
      if (MANY_REGISTERS && m >= COPY_ROWS) {
        for (; j + TILE_COLUMNS <= n; ) {
          int tiles = Math.min(COPY_TILES, (n - j) / TILE_COLUMNS);
          copied(tiles, m, depth, a, aAt, aRow, aColumn, b, bAt + j, bRow, c, cOffset + j, cRow);
          j += tiles * TILE_COLUMNS;
        }
      }
      int rest = (n - j) / LANES * LANES;
      columns(m, rest, depth, a, aAt, aRow, aColumn, b, bAt + j, bRow, c, cOffset + j, cRow);
      j += rest;
      if (j < n) {
        padded(n - j, m, depth, a, aAt, aRow, aColumn, b, bAt + j, bRow, c, cOffset + j, cRow);
      }
    }
  }

  /**
   * Some tiles of columns, all rows, from a copy of b's columns. Rows of b are read from far memory
   * in one stream, and the columns of a tile from near memory in one stream, where rows a power of
   * two apart would push each other out.
   */
  private static void copied(
      int tiles,
      int m,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    float[] copy = COPY.get();
    int tile = k * TILE_COLUMNS;
    for (int p = 0; p < k; p++) {
      for (int q = 0; q < tiles; q++) {
        int from = bAt + p * bRow + q * TILE_COLUMNS;
        int to = q * tile + p * TILE_COLUMNS;
        for (int v = 0; v < TILE_COLUMNS; v += LANES) {
          FloatVector.fromArray(SPECIES, b, from + v).intoArray(copy, to + v);
        }
      }
    }
    for (int q = 0; q < tiles; q++) {
      int cTile = cAt + q * TILE_COLUMNS;
      int i = 0;
      for (; i + TILE_ROWS <= m; i += TILE_ROWS) {
        tile4x4(k, a, aAt + i * aRow, aRow, aColumn, copy, q * tile, c, cTile + i * cRow, cRow);
      }
      for (; i < m; i++) {
        tile1x4(k, a, aAt + i * aRow, aColumn, copy, q * tile, TILE_COLUMNS, c, cTile + i * cRow);
      }
    }
  }

  /** The same for whole vectors of columns: n is a multiple of LANES. */
  static void columns(
      int m,
      int n,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    int j = 0;
    for (; j + TILE_COLUMNS <= n; j += TILE_COLUMNS) {
      wide(m, k, a, aAt, aRow, aColumn, b, bAt + j, bRow, c, cAt + j, cRow);
    }
    for (; j < n; j += LANES) {
      narrow(m, k, a, aAt, aRow, aColumn, b, bAt + j, bRow, c, cAt + j, cRow);
    }
  }

  /** Four vectors of columns, all rows. */
  private static void wide(
      int m,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    int i = 0;
    for (; i + TILE_ROWS <= m; i += TILE_ROWS) {
      int aTile = aAt + i * aRow;
      int cTile = cAt + i * cRow;
      int right = 2 * LANES;
      tile4x2(k, a, aTile, aRow, aColumn, b, bAt, bRow, c, cTile, cRow);
      tile4x2(k, a, aTile, aRow, aColumn, b, bAt + right, bRow, c, cTile + right, cRow);
    }
    for (; i < m; i++) {
      tile1x4(k, a, aAt + i * aRow, aColumn, b, bAt, bRow, c, cAt + i * cRow);
    }
  }

  /** One vector of columns, all rows. */
  private static void narrow(
      int m,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    int i = 0;
    for (; i + TILE_ROWS <= m; i += TILE_ROWS) {
      tile4x1(k, a, aAt + i * aRow, aRow, aColumn, b, bAt, bRow, c, cAt + i * cRow, cRow);
    }
    for (; i < m; i++) {
      tile1x1(k, a, aAt + i * aRow, aColumn, b, bAt, bRow, c, cAt + i * cRow);
    }
  }

  /**
   * Columns too few for a vector: in copies one vector wide, of which only those columns come back.
   */
  private static void padded(
      int columns,
      int m,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    float[] copy = PADDED.get();
    for (int p = 0; p < k; p++) {
      System.arraycopy(b, bAt + p * bRow, copy, p * LANES, columns);
    }
    int rows = DEPTH * LANES; // where the rows of c begin
    for (int i = 0; i < m; i += TILE_ROWS) {
      int tile = Math.min(TILE_ROWS, m - i);
      for (int r = 0; r < tile; r++) {
        System.arraycopy(c, cAt + (i + r) * cRow, copy, rows + r * LANES, columns);
      }
      narrow(tile, k, a, aAt + i * aRow, aRow, aColumn, copy, 0, LANES, copy, rows, LANES);
      for (int r = 0; r < tile; r++) {
        System.arraycopy(copy, rows + r * LANES, c, cAt + (i + r) * cRow, columns);
      }
    }
  }

  /** 4 rows by 2 vectors of c. c: Modified. */
  private static void tile4x2(
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    FloatVector c00 = FloatVector.fromArray(SPECIES, c, cAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, c, cAt + LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, c, cAt + cRow);
    FloatVector c11 = FloatVector.fromArray(SPECIES, c, cAt + cRow + LANES);
    FloatVector c20 = FloatVector.fromArray(SPECIES, c, cAt + 2 * cRow);
    FloatVector c21 = FloatVector.fromArray(SPECIES, c, cAt + 2 * cRow + LANES);
    FloatVector c30 = FloatVector.fromArray(SPECIES, c, cAt + 3 * cRow);
    FloatVector c31 = FloatVector.fromArray(SPECIES, c, cAt + 3 * cRow + LANES);
    int at = aAt;
    int from = bAt;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, from);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, from + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + aRow]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      at += aColumn;
      from += bRow;
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + LANES);
    c10.intoArray(c, cAt + cRow);
    c11.intoArray(c, cAt + cRow + LANES);
    c20.intoArray(c, cAt + 2 * cRow);
    c21.intoArray(c, cAt + 2 * cRow + LANES);
    c30.intoArray(c, cAt + 3 * cRow);
    c31.intoArray(c, cAt + 3 * cRow + LANES);
  }

  /** 4 rows by 4 vectors of c; rows of b are one tile wide. c: Modified. */
  private static void tile4x4(
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int cRow) {
    int c1 = cAt + cRow;
    int c2 = c1 + cRow;
    int c3 = c2 + cRow;
    FloatVector c00 = FloatVector.fromArray(SPECIES, c, cAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, c, cAt + LANES);
    FloatVector c02 = FloatVector.fromArray(SPECIES, c, cAt + 2 * LANES);
    FloatVector c03 = FloatVector.fromArray(SPECIES, c, cAt + 3 * LANES);
    FloatVector c10 = FloatVector.fromArray(SPECIES, c, c1);
    FloatVector c11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
    FloatVector c12 = FloatVector.fromArray(SPECIES, c, c1 + 2 * LANES);
    FloatVector c13 = FloatVector.fromArray(SPECIES, c, c1 + 3 * LANES);
    FloatVector c20 = FloatVector.fromArray(SPECIES, c, c2);
    FloatVector c21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
    FloatVector c22 = FloatVector.fromArray(SPECIES, c, c2 + 2 * LANES);
    FloatVector c23 = FloatVector.fromArray(SPECIES, c, c2 + 3 * LANES);
    FloatVector c30 = FloatVector.fromArray(SPECIES, c, c3);
    FloatVector c31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
    FloatVector c32 = FloatVector.fromArray(SPECIES, c, c3 + 2 * LANES);
    FloatVector c33 = FloatVector.fromArray(SPECIES, c, c3 + 3 * LANES);
    int from = bAt;
    int at = aAt;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, from);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, from + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, from + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, from + 3 * LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + aRow]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      at += aColumn;
      from += TILE_COLUMNS;
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + LANES);
    c02.intoArray(c, cAt + 2 * LANES);
    c03.intoArray(c, cAt + 3 * LANES);
    c10.intoArray(c, c1);
    c11.intoArray(c, c1 + LANES);
    c12.intoArray(c, c1 + 2 * LANES);
    c13.intoArray(c, c1 + 3 * LANES);
    c20.intoArray(c, c2);
    c21.intoArray(c, c2 + LANES);
    c22.intoArray(c, c2 + 2 * LANES);
    c23.intoArray(c, c2 + 3 * LANES);
    c30.intoArray(c, c3);
    c31.intoArray(c, c3 + LANES);
    c32.intoArray(c, c3 + 2 * LANES);
    c33.intoArray(c, c3 + 3 * LANES);
  }

  /** 4 rows by 1 vector of c. c: Modified. */
  private static void tile4x1(
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    FloatVector c00 = FloatVector.fromArray(SPECIES, c, cAt);
    FloatVector c10 = FloatVector.fromArray(SPECIES, c, cAt + cRow);
    FloatVector c20 = FloatVector.fromArray(SPECIES, c, cAt + 2 * cRow);
    FloatVector c30 = FloatVector.fromArray(SPECIES, c, cAt + 3 * cRow);
    int at = aAt;
    int from = bAt;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, from);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      c00 = a0.fma(b0, c00);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + aRow]);
      c10 = a1.fma(b0, c10);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]);
      c20 = a2.fma(b0, c20);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
      c30 = a3.fma(b0, c30);
      at += aColumn;
      from += bRow;
    }
    c00.intoArray(c, cAt);
    c10.intoArray(c, cAt + cRow);
    c20.intoArray(c, cAt + 2 * cRow);
    c30.intoArray(c, cAt + 3 * cRow);
  }

  /** 1 rows by 4 vectors of c. c: Modified. */
  private static void tile1x4(
      int k, float[] a, int aAt, int aColumn, float[] b, int bAt, int bRow, float[] c, int cAt) {
    FloatVector c00 = FloatVector.fromArray(SPECIES, c, cAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, c, cAt + LANES);
    FloatVector c02 = FloatVector.fromArray(SPECIES, c, cAt + 2 * LANES);
    FloatVector c03 = FloatVector.fromArray(SPECIES, c, cAt + 3 * LANES);
    int at = aAt;
    int from = bAt;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, from);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, from + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, from + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, from + 3 * LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      at += aColumn;
      from += bRow;
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + LANES);
    c02.intoArray(c, cAt + 2 * LANES);
    c03.intoArray(c, cAt + 3 * LANES);
  }

  /** 1 rows by 1 vector of c. c: Modified. */
  private static void tile1x1(
      int k, float[] a, int aAt, int aColumn, float[] b, int bAt, int bRow, float[] c, int cAt) {
    FloatVector c00 = FloatVector.fromArray(SPECIES, c, cAt);
    int at = aAt;
    int from = bAt;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, from);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      c00 = a0.fma(b0, c00);
      at += aColumn;
      from += bRow;
    }
    c00.intoArray(c, cAt);
  }
}
