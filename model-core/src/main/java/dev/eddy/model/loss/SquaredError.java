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
public record SquaredError(int horizon, int columns, int column) implements StepLoss {

  /** Checks the shape. */
  public SquaredError {
    Checks.size("squared", "horizon", horizon, 1);
    Checks.size("squared", "columns", columns, 1);
    Checks.size("squared", "horizon * columns", (long) horizon * columns, 1);
    Checks.require(
        column >= 0 && column < columns,
        "squared: column must be from 0 to below columns, got column %d of %d",
        column,
        columns);
  }

  /** One output per target: Q = 1. */
  public SquaredError(int horizon) {
    this(horizon, 1, 0);
  }

  @Override
  public String kind() {
    return "squared";
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
