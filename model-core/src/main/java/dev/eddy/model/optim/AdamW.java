package dev.eddy.model.optim;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): {@link Adam}'s step from weights
 * that were first drawn towards zero,
 *
 * <pre>
 * w = (1 - rate * weightDecay) * w - rate * m^ / (sqrt(v^) + epsilon)
 * </pre>
 *
 * <p>The decay pulls every weight alike, biases too. {@link Regularisation#decay} is the same pull
 * for any optimiser and spares the biases.
 *
 * @param beta1 how slowly the first moment forgets, within [0, 1)
 * @param beta2 how slowly the second moment forgets, within [0, 1)
 * @param epsilon keeps the quotient finite, above 0
 * @param weightDecay decay per step and unit of rate, at least 0
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimiser {

  /** Checks the constants. */
  public AdamW {
    Checks.share("adamw", "beta1", beta1);
    Checks.share("adamw", "beta2", beta2);
    Checks.positive("adamw", "epsilon", epsilon);
    Checks.notNegative("adamw", "weightDecay", weightDecay);
  }

  /** The usual constants: 0.9, 0.999 and 1e-8. */
  public AdamW(double weightDecay) {
    this(0.9, 0.999, 1e-8, weightDecay);
  }

  @Override
  public String kind() {
    return "adamw";
  }

  @Override
  public int momentsPerWeight() {
    return 2;
  }

  @Override
  public void step(float[] weights, float[] grads, float[] moments, long step, double rate) {
    check(weights, grads, moments, step);
    AdamLoop.of(new Adam(beta1, beta2, epsilon), weightDecay, step, rate)
        .run(weights, grads, moments);
  }
}
