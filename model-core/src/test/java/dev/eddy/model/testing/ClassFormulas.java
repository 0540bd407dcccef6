package dev.eddy.model.testing;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.testing.Tape.Var;
import java.util.List;

/** The tape's formulas of losses that compare scores with a class. */
final class ClassFormulas {
  private ClassFormulas() {}

  /** The loss of one step whose class is known. */
  @FunctionalInterface
  interface OfStep {
    Var of(Tape tape, Var[] scores, int target);
  }

  static LossCase.Formula sum(OfStep loss) {
    return (tape, x, target) -> {
      Var sum = tape.leaf(0);
      int[] ids = target.ids(Bundle.MAIN).data();
      for (int t = 0; t < x.length; t++) {
        if (ids[t] >= 0) {
          sum = tape.add(sum, loss.of(tape, x[t], ids[t]));
        }
      }
      return sum;
    };
  }

  /** The cross-entropy of a coin, from its probabilities. */
  static LossCase.Formula binary(double smoothing, double positiveWeight) {
    return ErrorFormulas.sum(
        (tape, x, y) -> {
          double q = y * (1 - smoothing) + 0.5 * smoothing;
          Var p = tape.sigmoid(x[0]);
          Var yes = tape.scale(tape.log(p), -positiveWeight * q);
          return tape.sub(yes, tape.scale(tape.log(tape.sub(tape.leaf(1), p)), 1 - q));
        });
  }

  static LossCase.Formula crossEntropy(double smoothing, List<Double> weights) {
    return sum(
        (tape, x, y) -> {
          Var[] p = softmax(tape, x);
          Var sum = tape.leaf(0);
          for (int c = 0; c < x.length; c++) {
            double q = (c == y ? 1 - smoothing : 0) + smoothing / x.length;
            sum = tape.sub(sum, tape.scale(tape.log(p[c]), q));
          }
          return tape.scale(sum, weights == null ? 1 : weights.get(y));
        });
  }

  static Var[] softmax(Tape tape, Var[] x) {
    Var sum = tape.leaf(0);
    Var[] p = new Var[x.length];
    for (int c = 0; c < x.length; c++) {
      p[c] = tape.exp(x[c]);
      sum = tape.add(sum, p[c]);
    }
    for (int c = 0; c < x.length; c++) {
      p[c] = tape.div(p[c], sum);
    }
    return p;
  }
}
