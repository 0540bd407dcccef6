package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;

/** Kernels that are wrong in the last rows of a product: what the contract kit must notice. */
final class OffByALittle implements Kernels {
  private final Kernels right = new PortableKernels();

  @Override
  public String name() {
    return "off by a little";
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
    right.addProduct(m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
    c[cOffset + (m - 1) * cRow] += 1e-3f;
  }

  @Override
  public void sigmoid(int length, float[] x, int xOffset, float[] y, int yOffset) {
    right.sigmoid(length, x, xOffset, y, yOffset);
  }

  @Override
  public void tanh(int length, float[] x, int xOffset, float[] y, int yOffset) {
    right.tanh(length, x, xOffset, y, yOffset);
  }

  @Override
  public void exp(int length, float[] x, int xOffset, float[] y, int yOffset) {
    right.exp(length, x, xOffset, y, yOffset);
  }

  @Override
  public float dot(int length, float[] a, int aOffset, float[] b, int bOffset) {
    return right.dot(length, a, aOffset, b, bOffset);
  }

  @Override
  public int packedSize(int rows, int columns) {
    return right.packedSize(rows, columns);
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
    right.pack(rows, columns, row, count, w, wOffset, wRow, wColumn, packed);
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
    right.affine(m, n, packed, k, a, aOffset, aRow, l, b, bOffset, bRow, c, cOffset, cRow);
    c[cOffset + (m - 1) * cRow] += 1e-3f;
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
    right.lstm(m, units, z, zOffset, zRow, before, beforeOffset, after, afterOffset, stateRow);
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
    right.lstmBack(
        m, units, z, zOffset, zRow, before, beforeOffset, dAfter, dBefore, dOffset, dz, dzOffset);
  }
}
