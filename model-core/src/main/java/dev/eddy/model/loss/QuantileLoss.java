package dev.eddy.model.loss;

import java.util.Arrays;

/**
 * The quantile (pinball) loss (Koenker and Bassett 1978), by which each output learns to be one
 * quantile of its target.
 *
 * <pre>
 * loss(y, q) = mean over levels a of  max(a * (y - q_a), (a - 1) * (y - q_a))
 * </pre>
 *
 * <p>Outputs are {@code [H][Q]}, targets {@code [H]}. At {@code y = q_a}, where the loss has a
 * kink, the derivative is taken as zero.
 *
 * @param horizon H, targets in a step, at least 1
 * @param levels Q levels, strictly ascending, within (0, 1); copied in and out
 */
public record QuantileLoss(int horizon, double... levels) implements StepLoss {
  /** Checks the levels. */
  public QuantileLoss {
    Checks.size("quantile", "horizon", horizon, 1);
    Checks.require(levels != null && levels.length > 0, "quantile: levels must not be empty");
    Checks.size("quantile", "horizon * levels", (long) horizon * levels.length, 1);
    double previous = 0;
    for (double level : levels) {
      Checks.require(
          level > previous && level < 1,
          "quantile: levels must ascend within (0, 1), got %s",
          Arrays.toString(levels));
      previous = level;
    }
    levels = levels.clone();
  }

  @Override
  public double[] levels() {
    return levels.clone();
  }

  @Override
  public String kind() {
    return "quantile";
  }

  @Override
  public int outputWidth() {
    return horizon * levels.length;
  }

  @Override
  public int targetWidth() {
    return horizon;
  }

  @Override
  public double step(float[] output, int outputAt, float[] target, int targetAt) {
    double sum = 0;
    for (int h = 0; h < horizon; h++) {
      double y = target[targetAt + h];
      if (Double.isNaN(y)) {
        continue;
      }
      for (int a = 0; a < levels.length; a++) {
        double over = y - output[outputAt + h * levels.length + a];
        sum += Math.max(levels[a] * over, (levels[a] - 1) * over);
      }
    }
    return sum / levels.length;
  }

  @Override
  public void gradient(
      float[] output, int outputAt, float[] target, int targetAt, double scale, float[] dOutput) {
    double share = scale / levels.length;
    for (int h = 0; h < horizon; h++) {
      float y = target[targetAt + h];
      if (Float.isNaN(y)) {
        continue;
      }
      for (int a = 0; a < levels.length; a++) {
        int i = outputAt + h * levels.length + a;
        if (output[i] > y) {
          dOutput[i] = (float) (share * (1 - levels[a]));
        } else if (output[i] < y) {
          dOutput[i] = (float) (-share * levels[a]);
        } else if (Float.isNaN(output[i])) {
          dOutput[i] = Float.NaN; // a broken output must show, not look like a perfect one
        }
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof QuantileLoss loss
        && horizon == loss.horizon
        && Arrays.equals(levels, loss.levels);
  }

  @Override
  public int hashCode() {
    return 31 * horizon + Arrays.hashCode(levels);
  }

  @Override
  public String toString() {
    return "QuantileLoss[horizon=%d, levels=%s]".formatted(horizon, Arrays.toString(levels));
  }
}
