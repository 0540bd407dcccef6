package dev.eddy.model.loss;

import dev.eddy.model.kernel.Functions;

/**
 * The negative log likelihood of a normal distribution whose mean and spread are outputs (Nix and
 * Weigend 1994).
 *
 * <pre>
 * output of a target: [m, s]     sigma = softplus(s) + {@value #FLOOR}     z = (y - m) / sigma
 * loss = log(2 pi) / 2 + log sigma + z^2 / 2
 * </pre>
 *
 * <p>Outputs are {@code [H][2]}, targets {@code [H]}. The constant is part of it: the mean loss is
 * the nll of the field, in nats.
 *
 * @param horizon H, targets in a step, at least 1
 */
public record GaussianLikelihood(int horizon) implements StepLoss {
  /**
   * The least standard deviation, in the units of the (scaled) target: no step of a constant series
   * can make the likelihood infinite.
   */
  public static final double FLOOR = 1e-3;

  /** Outputs of a target. */
  private static final int PARAMETERS = 2;

  static final double HALF_LOG_2_PI = 0.9189385332046728;

  /** Checks the shape. */
  public GaussianLikelihood {
    Checks.size("gaussian", "horizon", horizon, 1);
  }

  @Override
  public String kind() {
    return "gaussian";
  }

  @Override
  public int outputWidth() {
    return PARAMETERS * horizon;
  }

  @Override
  public int targetWidth() {
    return horizon;
  }

  /** The standard deviation that an output stands for. */
  public static double sigma(float s) {
    return Functions.softplus(s) + FLOOR;
  }

  @Override
  public double step(float[] output, int outputAt, float[] target, int targetAt) {
    double sum = 0;
    for (int h = 0; h < horizon; h++) {
      double y = target[targetAt + h];
      if (!Double.isNaN(y)) {
        int i = outputAt + h * PARAMETERS;
        double sigma = sigma(output[i + 1]);
        double z = (y - output[i]) / sigma;
        sum += HALF_LOG_2_PI + StrictMath.log(sigma) + z * z / 2;
      }
    }
    return sum;
  }

  @Override
  public void gradient(
      float[] output, int outputAt, float[] target, int targetAt, double scale, float[] dOutput) {
    for (int h = 0; h < horizon; h++) {
      double y = target[targetAt + h];
      if (!Double.isNaN(y)) {
        int i = outputAt + h * PARAMETERS;
        double sigma = sigma(output[i + 1]);
        double z = (y - output[i]) / sigma;
        dOutput[i] = (float) (-scale * z / sigma);
        dOutput[i + 1] = (float) (scale * (1 - z * z) / sigma * Functions.sigmoid(output[i + 1]));
      }
    }
  }
}
