package dev.eddy.model.loss;

import dev.eddy.model.layer.Context;
import dev.eddy.model.seq.Bundle;
import java.util.List;

/**
 * The cross-entropy of one class out of C (the full softmax), on logits x with right class y:
 *
 * <pre>
 * q_c = (1 - smoothing) [c = y] + smoothing / C
 * loss = w_y (log sum over c of exp(x_c)  -  sum over c of q_c x_c)
 * </pre>
 *
 * <p>Label smoothing as in Szegedy et al. 2016. Outputs are {@code [C]}, targets the id of the
 * right class.
 *
 * @param classes C, at least 2
 * @param smoothing share of the target that is spread over all classes, within [0, 1); 0 if left
 *     out
 * @param weights w, what a step of each class counts, at least 0; all 1 if left out or empty
 */
public record CrossEntropy(int classes, double smoothing, List<Double> weights)
    implements ClassLoss {

  /** Checks the parameters and fills in the defaults. */
  public CrossEntropy {
    Checks.size("cross-entropy", "classes", classes, 2);
    Checks.smoothing("cross-entropy", smoothing);
    weights = weights == null ? List.of() : List.copyOf(weights);
    Checks.require(
        weights.isEmpty() || weights.size() == classes,
        "cross-entropy: weights must be one for each of the %d classes, or none, got %d",
        classes,
        weights.size());
    for (double weight : weights) {
      Checks.require(
          weight >= 0 && weight < Double.POSITIVE_INFINITY,
          "cross-entropy: weights must be at least 0 and finite, got %s",
          weight);
    }
  }

  /** Neither smoothed nor weighted. */
  public CrossEntropy(int classes) {
    this(classes, 0, null);
  }

  @Override
  public String kind() {
    return "cross-entropy";
  }

  @Override
  public int outputWidth() {
    return classes;
  }

  @Override
  public ClassStep step(Bundle target, Context context) {
    return (x, at, y, scale, d, dAt) -> {
      double weight = weights.isEmpty() ? 1 : weights.get(y);
      double right = (1 - smoothing) * x[at + y];
      if (smoothing > 0) {
        right += smoothing / classes * Softmax.sum(classes, x, at);
      }
      System.arraycopy(x, at, d, dAt, classes);
      double logSum = Softmax.inPlace(context.kernels(), classes, d, dAt, scale * weight);
      if (smoothing > 0) {
        float all = (float) (scale * weight * smoothing / classes);
        for (int c = dAt; c < dAt + classes; c++) {
          d[c] -= all;
        }
      }
      d[dAt + y] -= (float) (scale * weight * (1 - smoothing));
      return weight * (logSum - right);
    };
  }
}
