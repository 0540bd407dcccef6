package dev.eddy.model.optim;

/**
 * Gradient descent with Nesterov's accelerated gradient, in the form of Sutskever et al. (2013)
 * written in the weights at which the gradient is taken:
 *
 * <pre>
 * v = momentum * v + g
 * w = w - rate * (g + momentum * v)
 * </pre>
 *
 * @param momentum share of the velocity that is kept, within [0, 1)
 */
public record Nesterov(double momentum) implements Optimiser {

  /** Checks the constant. */
  public Nesterov {
    Checks.share("nesterov", "momentum", momentum);
  }

  @Override
  public String kind() {
    return "nesterov";
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
      float g = grads[i];
      float v = keep * moments[i] + g;
      moments[i] = v;
      weights[i] -= r * (g + keep * v);
    }
  }
}
