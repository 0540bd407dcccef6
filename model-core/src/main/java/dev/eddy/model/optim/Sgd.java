package dev.eddy.model.optim;

/**
 * Plain gradient descent (Robbins and Monro 1951): {@code w = w - rate * g}. It keeps no moments.
 */
public record Sgd() implements Optimiser {
  @Override
  public String kind() {
    return "sgd";
  }

  @Override
  public int momentsPerWeight() {
    return 0;
  }

  @Override
  public void step(float[] weights, float[] grads, float[] moments, long step, double rate) {
    check(weights, grads, moments, step);
    float r = (float) rate;
    for (int i = 0; i < weights.length; i++) {
      weights[i] -= r * grads[i];
    }
  }
}
