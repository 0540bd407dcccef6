package dev.eddy.model.loss;

import dev.eddy.model.kernel.Functions;

/**
 * The cross-entropy of independent yes-or-no targets, on logits x:
 *
 * <pre>
 * q = (1 - smoothing) y + smoothing / 2
 * loss = positiveWeight q softplus(-x) + (1 - q) softplus(x)
 * </pre>
 *
 * <p>where {@code softplus(-x) = -log sigmoid(x)}. Outputs and targets are {@code [H]}; a target is
 * 0, 1, or a probability between.
 *
 * @param horizon H, targets in a step, at least 1
 * @param smoothing how far targets are drawn towards 1/2, within [0, 1); 0 if left out
 * @param positiveWeight how much more a missed 1 costs than a missed 0, above 0; 1 if left out
 */
public record BinaryCrossEntropy(int horizon, double smoothing, Double positiveWeight)
    implements StepLoss {

  /** Checks the parameters and fills in the defaults. */
  public BinaryCrossEntropy {
    positiveWeight = positiveWeight == null ? Double.valueOf(1) : positiveWeight;
    Checks.size("binary-cross-entropy", "horizon", horizon, 1);
    Checks.smoothing("binary-cross-entropy", smoothing);
    Checks.require(
        positiveWeight > 0 && positiveWeight < Double.POSITIVE_INFINITY,
        "binary-cross-entropy: positiveWeight must be above 0 and finite, got %s",
        positiveWeight);
  }

  /** Neither smoothed nor weighted. */
  public BinaryCrossEntropy(int horizon) {
    this(horizon, 0, null);
  }

  @Override
  public String kind() {
    return "binary-cross-entropy";
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
    double weight = positiveWeight;
    double sum = 0;
    for (int h = 0; h < horizon; h++) {
      float y = target[targetAt + h];
      if (!Float.isNaN(y)) {
        double q = smoothed(y);
        float x = output[outputAt + h];
        sum += weight * q * Functions.softplus(-x) + (1 - q) * Functions.softplus(x);
      }
    }
    return sum;
  }

  @Override
  public void gradient(
      float[] output, int outputAt, float[] target, int targetAt, double scale, float[] dOutput) {
    double weight = positiveWeight;
    for (int h = 0; h < horizon; h++) {
      float y = target[targetAt + h];
      if (!Float.isNaN(y)) {
        double q = smoothed(y);
        float x = output[outputAt + h];
        dOutput[outputAt + h] =
            (float) (scale * ((1 - q) * Functions.sigmoid(x) - weight * q * Functions.sigmoid(-x)));
      }
    }
  }

  private double smoothed(float y) {
    Checks.require(
        y >= 0 && y <= 1, "binary-cross-entropy: a target must be from 0 to 1, got %s", y);
    return (1 - smoothing) * y + smoothing / 2;
  }
}
