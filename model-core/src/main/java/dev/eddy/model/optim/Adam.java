package dev.eddy.model.optim;

/**
 * Adam (Kingma and Ba 2015), for step s = 1, 2, ...:
 *
 * <pre>
 * m = beta1 * m + (1 - beta1) * g              m^ = m / (1 - beta1^s)
 * v = beta2 * v + (1 - beta2) * g * g          v^ = v / (1 - beta2^s)
 * w = w - rate * m^ / (sqrt(v^) + epsilon)
 * </pre>
 *
 * <p>The moments are m in the first half, v in the second.
 *
 * @param beta1 how slowly the first moment forgets, within [0, 1)
 * @param beta2 how slowly the second moment forgets, within [0, 1)
 * @param epsilon keeps the quotient finite, above 0
 */
public record Adam(double beta1, double beta2, double epsilon) implements Optimiser {

  /** Checks the constants. */
  public Adam {
    Checks.share("adam", "beta1", beta1);
    Checks.share("adam", "beta2", beta2);
    Checks.positive("adam", "epsilon", epsilon);
  }

  /** The usual constants: 0.9, 0.999 and 1e-8. */
  public Adam() {
    this(0.9, 0.999, 1e-8);
  }

  @Override
  public String kind() {
    return "adam";
  }

  @Override
  public int momentsPerWeight() {
    return 2;
  }

  @Override
  public void step(float[] weights, float[] grads, float[] moments, long step, double rate) {
    check(weights, grads, moments, step);
    AdamLoop.of(this, 0, step, rate).run(weights, grads, moments);
  }
}
