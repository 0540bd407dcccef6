package dev.eddy.model.optim;

/** Every column of Euclidean length 1. */
public record UnitNorm() implements Constraint {
  @Override
  public String kind() {
    return "unit-norm";
  }

  @Override
  public void apply(float[] weights, int offset, int rows, int columns) {
    ColumnNorms.change(weights, offset, rows, columns, norm -> 1);
  }
}
