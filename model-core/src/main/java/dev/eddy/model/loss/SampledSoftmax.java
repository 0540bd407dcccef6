package dev.eddy.model.loss;

import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Map;

/**
 * The cross-entropy over a few candidates out of many classes, on their scores x with the right one
 * in column y, corrected for how the candidates were drawn (Bengio and Senecal 2008; Jean et al.
 * 2015):
 *
 * <pre>
 * z_c = x_c - log Q_c
 * loss = log sum over c of exp(z_c)  -  z_y
 * </pre>
 *
 * <p>where Q_c is the chance that class c is among the candidates: what is drawn often is not
 * punished for it, and the scores that are right for the full softmax are right for this. A {@link
 * Candidates} makes targets for it: the column of the right class, and log Q in the side {@value
 * Candidates#SIDE}, the same for all steps of a batch.
 *
 * @param candidates C, candidates of a batch, at least 2
 */
public record SampledSoftmax(int candidates) implements ClassLoss {

  /** Checks the number. */
  public SampledSoftmax {
    Checks.size("sampled-softmax", "candidates", candidates, 2);
  }

  @Override
  public String kind() {
    return "sampled-softmax";
  }

  @Override
  public int outputWidth() {
    return candidates;
  }

  @Override
  public Shape target() {
    return new Shape(Map.of(Bundle.MAIN, 0, Candidates.SIDE + "/" + Candidates.LOG_Q, 1));
  }

  @Override
  public ClassStep step(Bundle target, Context context) {
    float[] logQ = logQ(target);
    return (x, at, y, scale, d, dAt) -> {
      for (int c = 0; c < candidates; c++) {
        d[dAt + c] = x[at + c] - logQ[c];
      }
      double right = d[dAt + y];
      double logSum = Softmax.inPlace(context.kernels(), candidates, d, dAt, scale);
      d[dAt + y] -= (float) scale;
      return logSum - right;
    };
  }

  private float[] logQ(Bundle target) {
    Checks.require(
        target.sides().containsKey(Candidates.SIDE)
            && target.side(Candidates.SIDE).hasFloats(Candidates.LOG_Q),
        "sampled-softmax: the target has no side '%s' with a part '%s', only sides %s",
        Candidates.SIDE,
        Candidates.LOG_Q,
        target.sides().keySet());
    FloatSeq logQ = target.side(Candidates.SIDE).floats(Candidates.LOG_Q);
    Checks.require(
        logQ.time() == candidates && logQ.batch() == 1 && logQ.width() == 1,
        "sampled-softmax: %s is [T=%d][B=%d][%d], the loss takes [T=%d][B=1][1]",
        Candidates.LOG_Q,
        logQ.time(),
        logQ.batch(),
        logQ.width(),
        candidates);
    return logQ.data();
  }
}
