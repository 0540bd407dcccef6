package dev.eddy.model.loss;

/**
 * The squared error {@code (output - target)^2} of one value per target, by which an output learns
 * the mean. Its head is that of {@link QuantileLoss}, {@code [H][Q]} against {@code [H]}, of which
 * one column is compared and the others learn nothing: Q = 1, or the column of the median.
 *
 * @param horizon H, targets in a step, at least 1
 * @param columns Q, outputs per target, at least 1
 * @param column which of the Q is compared
 */
public record SquaredError(int horizon, int columns, int column) implements Loss {

  /** Checks the shape. */
  public SquaredError {
    if (horizon < 1 || columns < 1 || column < 0 || column >= columns) {
      throw new IllegalArgumentException(
          ("squared error needs horizon >= 1 and 0 <= column < columns,"
                  + " got horizon %d, column %d of %d")
              .formatted(horizon, column, columns));
    }
  }

  /** One output per target: Q = 1. */
  public SquaredError(int horizon) {
    this(horizon, 1, 0);
  }

  @Override
  public int outputWidth() {
    return horizon * columns;
  }

  @Override
  public int targetWidth() {
    return horizon;
  }

  @Override
  public double step(float[] output, int outputAt, float[] target, int targetAt) {
    double sum = 0;
    for (int h = 0; h < horizon; h++) {
      float y = target[targetAt + h];
      if (!Float.isNaN(y)) {
        double error = (double) output[outputAt + h * columns + column] - y;
        sum += error * error;
      }
    }
    return sum;
  }

  @Override
  public void gradient(
      float[] output, int outputAt, float[] target, int targetAt, double scale, float[] dOutput) {
    for (int h = 0; h < horizon; h++) {
      float y = target[targetAt + h];
      if (!Float.isNaN(y)) {
        int i = outputAt + h * columns + column;
        dOutput[i] = (float) (scale * 2 * ((double) output[i] - y));
      }
    }
  }
}
