package dev.eddy.model.optim;

/**
 * Gradient descent with heavy-ball momentum (Polyak 1964):
 *
 * <pre>
 * v = momentum * v + g
 * w = w - rate * v
 * </pre>
 *
 * <p>The rate stands outside v (as in PyTorch; Keras multiplies it in), so that a rate that changes
 * acts on the whole step at once.
 *
 * @param momentum share of the velocity that is kept, within [0, 1)
 */
public record Momentum(double momentum) implements Optimiser {

  /** Checks the constant. */
  public Momentum {
    Checks.share("momentum", "momentum", momentum);
  }

  @Override
  public String kind() {
    return "momentum";
  }

  @Override
  public int momentsPerWeight() {
    return 1;
  }

  @Override
  public void step(float[] weights, float[] grads, float[] moments, long step, double rate) {
    check(weights, grads, moments, step);
    float keep = (float) momentum;
    float r = (float) rate;
    for (int i = 0; i < weights.length; i++) {
      float v = keep * moments[i] + grads[i];
      moments[i] = v;
      weights[i] -= r * v;
    }
  }
}
