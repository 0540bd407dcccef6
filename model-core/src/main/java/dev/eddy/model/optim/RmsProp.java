package dev.eddy.model.optim;

/**
 * RMSProp (Tieleman and Hinton 2012, lecture 6e), neither centred nor with momentum:
 *
 * <pre>
 * v = rho * v + (1 - rho) * g * g
 * w = w - rate * g / (sqrt(v) + epsilon)
 * </pre>
 *
 * <p>v starts at zero and is not corrected for it: the first steps are up to 1 / sqrt(1 - rho)
 * times longer, which a warm-up takes away.
 *
 * @param rho how slowly the mean square forgets, within [0, 1)
 * @param epsilon keeps the quotient finite, above 0
 */
public record RmsProp(double rho, double epsilon) implements Optimiser {

  /** Checks the constants. */
  public RmsProp {
    Checks.share("rmsprop", "rho", rho);
    Checks.positive("rmsprop", "epsilon", epsilon);
  }

  /** The usual constants: 0.9 and 1e-8. */
  public RmsProp() {
    this(0.9, 1e-8);
  }

  @Override
  public String kind() {
    return "rmsprop";
  }

  @Override
  public int momentsPerWeight() {
    return 1;
  }

  @Override
  public void step(float[] weights, float[] grads, float[] moments, long step, double rate) {
    check(weights, grads, moments, step);
    float keep = (float) rho;
    float take = (float) (1 - rho);
    float r = (float) rate;
    float floor = (float) epsilon;
    for (int i = 0; i < weights.length; i++) {
      float g = grads[i];
      float v = keep * moments[i] + take * g * g;
      moments[i] = v;
      weights[i] -= r * g / ((float) Math.sqrt(v) + floor);
    }
  }
}
