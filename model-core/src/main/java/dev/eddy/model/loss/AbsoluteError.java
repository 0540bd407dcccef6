package dev.eddy.model.loss;

/**
 * The absolute error {@code |output - target|} of one value per target, by which an output learns
 * the median. At the kink the derivative is taken as zero.
 *
 * @param horizon H, targets in a step, at least 1
 */
public record AbsoluteError(int horizon) implements StepLoss {

  /** Checks the shape. */
  public AbsoluteError {
    Checks.size("absolute", "horizon", horizon, 1);
  }

  @Override
  public String kind() {
    return "absolute";
  }

  @Override
  public int outputWidth() {
    return horizon;
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
        sum += Math.abs((double) output[outputAt + h] - y);
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
        dOutput[outputAt + h] =
            (float) (scale * Math.signum((double) output[outputAt + h] - y)); // NaN stays NaN
      }
    }
  }
}
