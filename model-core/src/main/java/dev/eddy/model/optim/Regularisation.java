package dev.eddy.model.optim;

import dev.eddy.model.layer.Param;
import java.io.Serializable;

/**
 * What pulls weights towards zero. Biases and other vectors are spared, as is usual in the field:
 * they shift, and do not overfit.
 *
 * <pre>
 * g = g + l1 * sign(w) + l2 * w        the gradient of  l1 |w| + l2 / 2 |w|^2
 * w = (1 - rate * decay) * w           before the optimiser's step (Loshchilov and Hutter 2019)
 * </pre>
 *
 * <p>With plain gradient descent l2 and decay are the same; with moments they are not: l2 is
 * divided by the moments with the rest of the gradient, decay is not.
 *
 * @param l1 at least 0
 * @param l2 at least 0
 * @param decay per step and unit of rate, at least 0
 */
public record Regularisation(double l1, double l2, double decay) implements Serializable {
  /** No pull at all. */
  public static final Regularisation NONE = new Regularisation(0, 0, 0);

  /** Checks the strengths. */
  public Regularisation {
    Checks.notNegative("regularisation", "l1", l1);
    Checks.notNegative("regularisation", "l2", l2);
    Checks.notNegative("regularisation", "decay", decay);
  }

  /**
   * Whether a parameter is a matrix, which is regularised, and not a bias, a gain or a learned
   * state. Matrices are named by capital letters (W, U), so that a matrix of one row is one too.
   */
  static boolean isMatrix(Param param) {
    String name = param.name().substring(param.name().lastIndexOf('.') + 1);
    return param.rows() > 1 || Character.isUpperCase(name.charAt(0));
  }

  /** Adds the pull of l1 and l2 to the gradients of {@code [from, to)}. grads: Modified. */
  void addTo(float[] grads, float[] weights, int from, int to) {
    float a = (float) l1;
    float b = (float) l2;
    if (a == 0 && b == 0) {
      return;
    }
    for (int i = from; i < to; i++) {
      grads[i] += a * Math.signum(weights[i]) + b * weights[i];
    }
  }

  /** Draws the weights of {@code [from, to)} towards zero. weights: Modified. */
  void decay(float[] weights, int from, int to, double rate) {
    if (decay == 0) {
      return;
    }
    float keep = (float) (1 - rate * decay);
    for (int i = from; i < to; i++) {
      weights[i] *= keep;
    }
  }
}
