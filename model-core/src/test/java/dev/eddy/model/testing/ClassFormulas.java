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

  /** Over the candidates, each score less the logarithm of its chance. */
  static LossCase.Formula sampledSoftmax() {
    return (tape, x, target) -> {
      float[] logQ = target.side("candidates").floats("logq").data();
      return sum((t, scores, y) -> {
            Var[] z = new Var[scores.length];
            for (int c = 0; c < z.length; c++) {
              z[c] = t.sub(scores[c], t.leaf(logQ[c]));
            }
            return t.scale(t.log(softmax(t, z)[y]), -1);
          })
          .of(tape, x, target);
    };
  }

  static LossCase.Formula bprMax(double regularisation) {
    return sum(
        (tape, r, i) -> {
          Var[] s = softmaxOfOthers(tape, r, i);
          Var beaten = tape.leaf(0);
          Var squares = tape.leaf(0);
          for (int j = 0; j < r.length; j++) {
            if (j != i) {
              Var above = tape.sigmoid(tape.sub(r[i], r[j]));
              beaten = tape.add(beaten, tape.mul(s[j], above));
              squares = tape.add(squares, tape.mul(s[j], tape.mul(r[j], r[j])));
            }
          }
          return tape.sub(tape.scale(squares, regularisation), tape.log(beaten));
        });
  }

  static LossCase.Formula top1Max() {
    return sum(
        (tape, r, i) -> {
          Var[] s = softmaxOfOthers(tape, r, i);
          Var sum = tape.leaf(0);
          for (int j = 0; j < r.length; j++) {
            if (j != i) {
              Var above = tape.sigmoid(tape.sub(r[j], r[i]));
              Var high = tape.sigmoid(tape.mul(r[j], r[j]));
              sum = tape.add(sum, tape.mul(s[j], tape.add(above, high)));
            }
          }
          return sum;
        });
  }

  /** Null at the one left out. */
  private static Var[] softmaxOfOthers(Tape tape, Var[] x, int but) {
    Var[] others = new Var[x.length - 1];
    for (int j = 0; j < others.length; j++) {
      others[j] = x[j < but ? j : j + 1];
    }
    Var[] s = softmax(tape, others);
    Var[] all = new Var[x.length];
    for (int j = 0; j < others.length; j++) {
      all[j < but ? j : j + 1] = s[j];
    }
    return all;
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
