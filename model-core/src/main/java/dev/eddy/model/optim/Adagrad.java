package dev.eddy.model.optim;

/**
 * Adagrad (Duchi, Hazan and Singer 2011): a weight whose gradients were large takes small steps.
 *
 * <pre>
 * v = v + g * g
 * w = w - rate * g / (sqrt(v) + epsilon)
 * </pre>
 *
 * @param epsilon keeps the quotient finite, above 0
 */
public record Adagrad(double epsilon) implements Optimiser {

  /** Checks the constant. */
  public Adagrad {
    Checks.positive("adagrad", "epsilon", epsilon);
  }

  /** The usual constant: 1e-8. */
  public Adagrad() {
    this(1e-8);
  }

  @Override
  public String kind() {
    return "adagrad";
  }

  @Override
  public int momentsPerWeight() {
    return 1;
  }

  @Override
  public void step(float[] weights, float[] grads, float[] moments, long step, double rate) {
    check(weights, grads, moments, step);
    float r = (float) rate;
    float floor = (float) epsilon;
    for (int i = 0; i < weights.length; i++) {
      float g = grads[i];
      float v = moments[i] + g * g;
      moments[i] = v;
      weights[i] -= r * g / ((float) Math.sqrt(v) + floor);
    }
  }
}
