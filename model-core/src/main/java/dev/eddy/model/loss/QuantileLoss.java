package dev.eddy.model.loss;

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
 */
public final class QuantileLoss implements Loss {
  private final int horizon;
  private final double[] levels; // [Q]

  /**
   * A loss for H targets a step and a quantile for each level.
   *
   * @param horizon H, at least 1
   * @param levels Q levels, strictly ascending, within (0, 1)
   * @throws IllegalArgumentException if they are not
   */
  public QuantileLoss(int horizon, double... levels) {
    if (horizon < 1 || levels.length == 0) {
      throw new IllegalArgumentException(
          "quantile loss needs a horizon and levels, got horizon %d and %d levels"
              .formatted(horizon, levels.length));
    }
    double previous = 0;
    for (double level : levels) {
      if (!(level > previous && level < 1)) {
        throw new IllegalArgumentException(
            "quantile levels must ascend within (0, 1), got " + java.util.Arrays.toString(levels));
      }
      previous = level;
    }
    this.horizon = horizon;
    this.levels = levels.clone();
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
}
