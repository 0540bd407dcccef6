package dev.eddy.model.loss;

/**
 * The Huber loss (Huber 1964) of one value per target: squared near the target, absolute far from
 * it, so that a single outlier does not rule a batch. With the error {@code e = output - target}:
 *
 * <pre>
 * loss = e^2 / 2                   where |e| &lt;= delta
 *        delta (|e| - delta / 2)   beyond
 * </pre>
 *
 * <p>Its derivative is e, clipped to [-delta, delta]. Near the target it is half a {@link
 * SquaredError}.
 *
 * @param horizon H, targets in a step, at least 1
 * @param delta where it turns, in the units of the target; above 0, finite; 1 if left out
 */
public record HuberLoss(int horizon, Double delta) implements StepLoss {

  /** Checks the shape and fills in the default. */
  public HuberLoss {
    delta = delta == null ? Double.valueOf(1) : delta;
    Checks.size("huber", "horizon", horizon, 1);
    Checks.require(
        delta > 0 && delta < Double.POSITIVE_INFINITY,
        "huber: delta must be above 0 and finite, got %s",
        delta);
  }

  @Override
  public String kind() {
    return "huber";
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
    double turn = delta;
    double sum = 0;
    for (int h = 0; h < horizon; h++) {
      float y = target[targetAt + h];
      if (!Float.isNaN(y)) {
        double error = Math.abs((double) output[outputAt + h] - y);
        sum += error <= turn ? error * error / 2 : turn * (error - turn / 2);
      }
    }
    return sum;
  }

  @Override
  public void gradient(
      float[] output, int outputAt, float[] target, int targetAt, double scale, float[] dOutput) {
    double turn = delta;
    for (int h = 0; h < horizon; h++) {
      float y = target[targetAt + h];
      if (!Float.isNaN(y)) {
        double error = (double) output[outputAt + h] - y;
        dOutput[outputAt + h] = (float) (scale * Math.max(-turn, Math.min(turn, error)));
      }
    }
  }
}
