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
}
