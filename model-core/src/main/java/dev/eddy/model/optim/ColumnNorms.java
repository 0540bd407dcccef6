package dev.eddy.model.optim;

import java.util.function.DoubleUnaryOperator;

/** Gives the columns of a matrix other norms. */
final class ColumnNorms {
  private ColumnNorms() {}

  /**
   * Scales every column so that its Euclidean norm becomes what {@code wanted} says of it. A column
   * of zeros has no direction and stays.
   *
   * @param weights {@code [rows][columns]} from {@code offset}. Modified
   */
  static void change(
      float[] weights, int offset, int rows, int columns, DoubleUnaryOperator wanted) {
    double[] sums = new double[columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double w = weights[offset + r * columns + c];
        sums[c] += w * w;
      }
    }
    for (int c = 0; c < columns; c++) {
      double norm = Math.sqrt(sums[c]);
      double target = wanted.applyAsDouble(norm);
      if (norm > 0 && target != norm) {
        scale(weights, offset + c, rows, columns, (float) (target / norm));
      }
    }
  }

  private static void scale(float[] weights, int at, int rows, int stride, float scale) {
    for (int r = 0; r < rows; r++) {
      weights[at + r * stride] *= scale;
    }
  }
}
