package dev.eddy.model.loss;

import dev.eddy.model.kernel.Functions;

/**
 * The negative log likelihood of a negative binomial distribution whose mean and dispersion are
 * outputs: counts that vary more than a Poisson process would (in the parameters of Salinas,
 * Flunkert, Gasthaus and Januschowski, "DeepAR", 2020).
 *
 * <pre>
 * output of a target: [m, a]     mu = softplus(m) + {@value #FLOOR}     alpha = softplus(a) + {@value #FLOOR}
 *     mean mu, variance mu + alpha mu^2, r = 1 / alpha
 * loss = lgamma(r) + lgamma(y + 1) - lgamma(y + r) + r log(1 + alpha mu) + y log(1 + 1 / (alpha mu))
 * </pre>
 *
 * <p>Outputs are {@code [H][2]}, targets {@code [H]}: counts, at least 0. What is not whole is
 * taken as it is.
 *
 * @param horizon H, targets in a step, at least 1
 */
public record NegativeBinomialLikelihood(int horizon) implements StepLoss {
  /** The least mean and dispersion; with the latter the distribution is as good as Poisson's. */
  public static final double FLOOR = 1e-5;

  /** Outputs of a target. */
  private static final int PARAMETERS = 2;

  /** Checks the shape. */
  public NegativeBinomialLikelihood {
    Checks.size("negative-binomial", "horizon", horizon, 1);
  }

  @Override
  public String kind() {
    return "negative-binomial";
  }

  @Override
  public int outputWidth() {
    return PARAMETERS * horizon;
  }

  @Override
  public int targetWidth() {
    return horizon;
  }

  /** The mean, or the dispersion, that an output stands for. */
  public static double link(float x) {
    return Functions.softplus(x) + FLOOR;
  }

  @Override
  public double step(float[] output, int outputAt, float[] target, int targetAt) {
    double sum = 0;
    for (int h = 0; h < horizon; h++) {
      double y = target[targetAt + h];
      if (!Double.isNaN(y)) {
        checkCount(y);
        double mu = link(output[outputAt + h * PARAMETERS]);
        double alpha = link(output[outputAt + h * PARAMETERS + 1]);
        double r = 1 / alpha;
        sum +=
            Gamma.log(r)
                + Gamma.log(y + 1)
                - Gamma.log(y + r)
                + r * StrictMath.log1p(alpha * mu)
                + y * StrictMath.log1p(1 / (alpha * mu));
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
        double mu = link(output[i]);
        double alpha = link(output[i + 1]);
        double r = 1 / alpha;
        double byMu = (mu - y) / (mu * (1 + alpha * mu));
        double byR =
            Gamma.digamma(r)
                - Gamma.digamma(y + r)
                + StrictMath.log1p(alpha * mu)
                + (y - mu) / (r + mu);
        dOutput[i] = (float) (scale * byMu * Functions.sigmoid(output[i]));
        dOutput[i + 1] = (float) (-scale * byR * r * r * Functions.sigmoid(output[i + 1]));
      }
    }
  }

  private static void checkCount(double y) {
    Checks.require(
        y >= 0 && y < Double.POSITIVE_INFINITY,
        "negative-binomial: a target must be a count, at least 0, got %s",
        y);
  }
}
