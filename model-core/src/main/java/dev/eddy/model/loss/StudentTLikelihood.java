package dev.eddy.model.loss;

import dev.eddy.model.kernel.Functions;

/**
 * The negative log likelihood of Student's t distribution whose location, scale and degrees of
 * freedom are outputs: a normal distribution with heavier tails, the fewer its degrees of freedom.
 *
 * <pre>
 * output of a target: [m, s, v]
 *     sigma = softplus(s) + {@link GaussianLikelihood#FLOOR}     nu = softplus(v) + 2     z = (y - m) / sigma
 * loss = lgamma(nu / 2) - lgamma((nu + 1) / 2) + log(nu pi) / 2 + log sigma
 *        + (nu + 1) / 2 log(1 + z^2 / nu)
 * </pre>
 *
 * <p>Above 2 degrees of freedom the variance exists: {@code sigma^2 nu / (nu - 2)}. Sigma itself is
 * a scale, not the standard deviation. Outputs are {@code [H][3]}, targets {@code [H]}.
 *
 * @param horizon H, targets in a step, at least 1
 */
public record StudentTLikelihood(int horizon) implements StepLoss {
  /** Outputs of a target. */
  private static final int PARAMETERS = 3;

  /** Checks the shape. */
  public StudentTLikelihood {
    Checks.size("student-t", "horizon", horizon, 1);
  }

  @Override
  public String kind() {
    return "student-t";
  }

  @Override
  public int outputWidth() {
    return PARAMETERS * horizon;
  }

  @Override
  public int targetWidth() {
    return horizon;
  }

  /** The scale that an output stands for. */
  public static double sigma(float s) {
    return GaussianLikelihood.sigma(s);
  }

  /** The degrees of freedom that an output stands for. */
  public static double freedom(float v) {
    return 2.0 + Functions.softplus(v);
  }

  @Override
  public double step(float[] output, int outputAt, float[] target, int targetAt) {
    double sum = 0;
    for (int h = 0; h < horizon; h++) {
      double y = target[targetAt + h];
      if (!Double.isNaN(y)) {
        int i = outputAt + h * PARAMETERS;
        double sigma = sigma(output[i + 1]);
        double nu = freedom(output[i + 2]);
        double z = (y - output[i]) / sigma;
        sum +=
            Gamma.log(nu / 2)
                - Gamma.log((nu + 1) / 2)
                + StrictMath.log(nu * Math.PI) / 2
                + StrictMath.log(sigma)
                + (nu + 1) / 2 * StrictMath.log1p(z * z / nu);
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
        double nu = freedom(output[i + 2]);
        double z = (y - output[i]) / sigma;
        double pull = (nu + 1) * z / (nu + z * z); // the derivative by z
        double byNu =
            Gamma.digamma(nu / 2) / 2
                - Gamma.digamma((nu + 1) / 2) / 2
                + 1 / (2 * nu)
                + StrictMath.log1p(z * z / nu) / 2
                - pull * z / (2 * nu);
        dOutput[i] = (float) (-scale * pull / sigma);
        dOutput[i + 1] =
            (float) (scale * (1 - pull * z) / sigma * Functions.sigmoid(output[i + 1]));
        dOutput[i + 2] = (float) (scale * byNu * Functions.sigmoid(output[i + 2]));
      }
    }
  }
}
