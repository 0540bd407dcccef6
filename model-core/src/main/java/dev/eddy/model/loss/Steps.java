package dev.eddy.model.loss;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;

/** How losses that compare step by step go through a batch: in the order of memory. */
final class Steps {
  private Steps() {}

  /** The loss of all steps and its derivative; see {@link Loss#apply}. */
  static LossSum apply(Bundle output, Bundle target, FloatSeq dOutput, StepBatch steps) {
    int rows = output.time() * output.batch();
    Arrays.fill(dOutput.data(), 0, rows * dOutput.width(), 0f);
    long count = 0;
    for (int i = 0; i < rows; i++) {
      count += known(output, target, i, steps);
    }
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      if (known(output, target, i, steps) > 0) {
        sum += steps.step(i, 1.0 / count, dOutput.data());
      }
    }
    return new LossSum(sum, count);
  }

  /** The loss of the steps of sequence b; see {@link Loss#score}. */
  static LossSum score(Bundle output, Bundle target, int b, StepBatch steps) {
    long count = 0;
    double sum = 0;
    for (int t = 0; t < output.time(); t++) {
      int i = t * output.batch() + b;
      int known = known(output, target, i, steps);
      if (known > 0) {
        sum += steps.step(i, 0, null);
        count += known;
      }
    }
    return new LossSum(sum, count);
  }

  private static int known(Bundle output, Bundle target, int i, StepBatch steps) {
    int t = i / output.batch();
    int b = i % output.batch();
    return output.real(t, b) && target.real(t, b) ? steps.known(i) : 0;
  }
}
