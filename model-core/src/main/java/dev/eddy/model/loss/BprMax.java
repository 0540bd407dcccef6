package dev.eddy.model.loss;

import dev.eddy.model.kernel.Functions;
import dev.eddy.model.layer.Context;
import dev.eddy.model.seq.Bundle;

/**
 * BPR-max (Hidasi and Karatzoglou, "Recurrent neural networks with top-k gains for session-based
 * recommendations", 2018), a ranking loss on the scores r of C candidates, i the right one:
 *
 * <pre>
 * s_j = softmax of the scores of all j other than i
 * loss = -log sum over j of s_j sigmoid(r_i - r_j)  +  regularisation sum over j of s_j r_j^2
 * </pre>
 *
 * <p>The wrong candidates that score highest count most, and high scores of wrong candidates cost
 * by themselves. All is done in logarithms, so that no difference of scores is too large.
 *
 * @param candidates C, candidates of a step, at least 2
 * @param regularisation what squared scores of wrong candidates cost, at least 0; 0 if left out
 */
public record BprMax(int candidates, double regularisation) implements ClassLoss {

  /** Checks the parameters. */
  public BprMax {
    Checks.size("bpr-max", "candidates", candidates, 2);
    Checks.require(
        regularisation >= 0 && regularisation < Double.POSITIVE_INFINITY,
        "bpr-max: regularisation must be at least 0 and finite, got %s",
        regularisation);
  }

  @Override
  public String kind() {
    return "bpr-max";
  }

  @Override
  public int outputWidth() {
    return candidates;
  }

  @Override
  public ClassStep step(Bundle target, Context context) {
    float[] share = context.floats(candidates);
    return (r, at, i, scale, d, dAt) -> {
      double logAll = Softmax.ofOthers(context.kernels(), candidates, r, at, i, share);
      double logSum = beaten(context, r, at, i, logAll, d, dAt);
      double squares = 0;
      for (int j = 0; j < candidates; j++) {
        squares += (double) share[j] * r[at + j] * r[at + j];
      }
      double byRight = 0;
      for (int j = 0; j < candidates; j++) {
        double x = r[at + j];
        double w = d[dAt + j]; // 0 for the right one, like its share
        double gap = (double) r[at + i] - x;
        byRight -= w * Functions.sigmoid((float) -gap);
        double cost = share[j] * (x * x - squares + 2 * x);
        double by = share[j] - w * Functions.sigmoid((float) gap) + regularisation * cost;
        d[dAt + j] = (float) (scale * by);
      }
      d[dAt + i] = (float) (scale * byRight);
      return -logSum + regularisation * squares;
    };
  }

  /**
   * The logarithm of the sum of {@code s_j sigmoid(r_i - r_j)}; w becomes the share of each term in
   * it.
   */
  private double beaten(
      Context context, float[] r, int at, int i, double logAll, float[] w, int wAt) {
    for (int j = 0; j < candidates; j++) {
      w[wAt + j] = (float) (r[at + j] - logAll - Functions.softplus(r[at + j] - r[at + i]));
    }
    w[wAt + i] = Float.NEGATIVE_INFINITY;
    return Softmax.inPlace(context.kernels(), candidates, w, wAt, 1);
  }
}
