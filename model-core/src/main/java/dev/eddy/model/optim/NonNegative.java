package dev.eddy.model.optim;

/** No weight below zero: what is below becomes zero. */
public record NonNegative() implements Constraint {
  @Override
  public String kind() {
    return "non-negative";
  }

  @Override
  public void apply(float[] weights, int offset, int rows, int columns) {
    for (int i = offset; i < offset + rows * columns; i++) {
      weights[i] = Math.max(0f, weights[i]);
    }
  }
}
