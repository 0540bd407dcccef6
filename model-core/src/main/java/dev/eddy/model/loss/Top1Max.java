package dev.eddy.model.loss;

import dev.eddy.model.kernel.Functions;
import dev.eddy.model.layer.Context;
import dev.eddy.model.seq.Bundle;

/**
 * TOP1-max (Hidasi and Karatzoglou 2018), a ranking loss on the scores r of C candidates, i the
 * right one:
 *
 * <pre>
 * s_j = softmax of the scores of all j other than i
 * loss = sum over j of s_j (sigmoid(r_j - r_i) + sigmoid(r_j^2))
 * </pre>
 *
 * @param candidates C, candidates of a step, at least 2
 */
public record Top1Max(int candidates) implements ClassLoss {

  /** Checks the number. */
  public Top1Max {
    Checks.size("top1-max", "candidates", candidates, 2);
  }

  @Override
  public String kind() {
    return "top1-max";
  }

  @Override
  public int outputWidth() {
    return candidates;
  }

  @Override
  public ClassStep step(Bundle target, Context context) {
    float[] share = context.floats(candidates);
    return (r, at, i, scale, d, dAt) -> {
      double unused = Softmax.ofOthers(context.kernels(), candidates, r, at, i, share);
      double loss = 0;
      for (int j = 0; j < candidates; j++) {
        loss += share[j] * term(r[at + j], r[at + i]);
      }
      double byRight = 0;
      for (int j = 0; j < candidates; j++) {
        float x = r[at + j];
        double above = Functions.sigmoid(x - r[at + i]);
        double square = Functions.sigmoid(x * x);
        double slope = above * (1 - above);
        byRight -= share[j] * slope;
        double by = above + square - loss + slope + 2 * x * square * (1 - square);
        d[dAt + j] = (float) (scale * share[j] * by);
      }
      d[dAt + i] = (float) (scale * byRight);
      return loss;
    };
  }

  private static double term(float wrong, float right) {
    return Functions.sigmoid(wrong - right) + Functions.sigmoid(wrong * wrong);
  }
}
