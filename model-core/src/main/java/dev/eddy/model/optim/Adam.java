package dev.eddy.model.optim;

/**
 * Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019), for step s =
 * 1, 2, ...:
 *
 * <pre>
 * m = beta1 * m + (1 - beta1) * g              m^ = m / (1 - beta1^s)
 * v = beta2 * v + (1 - beta2) * g * g          v^ = v / (1 - beta2^s)
 * w = w - rate * (m^ / (sqrt(v^) + epsilon) + decay * w)
 * </pre>
 *
 * <p>float32 arithmetic, one weight after the other. The decay pulls every weight alike, biases
 * too.
 *
 * @param beta1 how slowly the first moment forgets, within [0, 1)
 * @param beta2 how slowly the second moment forgets, within [0, 1)
 * @param epsilon keeps the quotient finite, above 0
 * @param weightDecay decay per step and unit of rate, 0 for none
 */
public record Adam(double beta1, double beta2, double epsilon, double weightDecay) {

  /** Checks the constants. */
  public Adam {
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "Adam needs betas within [0, 1), epsilon > 0 and decay >= 0, got %s, %s, %s, %s"
              .formatted(beta1, beta2, epsilon, weightDecay));
    }
  }

  /** The usual constants: 0.9, 0.999 and 1e-8. */
  public Adam(double weightDecay) {
    this(0.9, 0.999, 1e-8, weightDecay);
  }

  /** The moments before the first step: m in the first half, v in the second. */
  public static float[] newMoments(int weightCount) {
    return new float[2 * weightCount];
  }

  /**
   * Makes one step.
   *
   * @param weights {@code [n]}. Modified
   * @param grads {@code [n]}. Not modified
   * @param moments {@code [2n]}, m then v. Modified
   * @param step s, the number of this step since the moments were zero: 1, 2, ...
   * @param rate the learning rate of this step
   * @throws IllegalArgumentException if lengths or step do not fit
   */
  public void step(float[] weights, float[] grads, float[] moments, long step, double rate) {
    int n = weights.length;
    if (grads.length != n || moments.length != 2 * n || step < 1) {
      throw new IllegalArgumentException(
          ("Adam got %d weights, %d gradients, %d moments and step %d:"
                  + " it takes n, n, 2n and a step from 1 on")
              .formatted(n, grads.length, moments.length, step));
    }
    float keepM = (float) beta1;
    float takeM = (float) (1 - beta1);
    float keepV = (float) beta2;
    float takeV = (float) (1 - beta2);
    float unbiasM = (float) (rate / (1 - StrictMath.pow(beta1, (double) step)));
    float unbiasV = (float) (1 / (1 - StrictMath.pow(beta2, (double) step)));
    float floor = (float) epsilon;
    float keepW = (float) (1 - rate * weightDecay);
    for (int i = 0; i < n; i++) {
      float g = grads[i];
      float m = keepM * moments[i] + takeM * g;
      float v = keepV * moments[n + i] + takeV * g * g;
      moments[i] = m;
      moments[n + i] = v;
      weights[i] = keepW * weights[i] - unbiasM * m / ((float) Math.sqrt(unbiasV * v) + floor);
    }
  }
}
