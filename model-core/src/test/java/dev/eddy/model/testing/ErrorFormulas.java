package dev.eddy.model.testing;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.testing.Tape.Var;

/** The tape's formulas of losses that measure a distance. */
final class ErrorFormulas {
  private ErrorFormulas() {}

  /** The loss of one known target, from its outputs. */
  @FunctionalInterface
  interface OfTarget {
    Var of(Tape tape, Var[] outputs, double target);
  }

  /** The sum over known targets; each has the same number of outputs. */
  static LossCase.Formula sum(OfTarget loss) {
    return (tape, x, target) -> {
      Var sum = tape.leaf(0);
      FloatSeq y = target.floats(Bundle.MAIN);
      for (int t = 0; t < x.length; t++) {
        int outputs = x[t].length / y.width();
        for (int h = 0; h < y.width(); h++) {
          double known = y.data()[t * y.width() + h];
          if (!Double.isNaN(known)) {
            Var[] own = java.util.Arrays.copyOfRange(x[t], h * outputs, (h + 1) * outputs);
            sum = tape.add(sum, loss.of(tape, own, known));
          }
        }
      }
      return sum;
    };
  }

  static LossCase.Formula squared(int columns, int column) {
    return sum(
        (tape, x, y) -> {
          if (x.length != columns) {
            throw new AssertionError("columns");
          }
          Var e = tape.sub(x[column], tape.leaf(y));
          return tape.mul(e, e);
        });
  }

  static LossCase.Formula absolute() {
    return sum((tape, x, y) -> abs(tape, tape.sub(x[0], tape.leaf(y))));
  }

  private static Var abs(Tape tape, Var e) {
    return tape.add(tape.relu(e), tape.relu(tape.scale(e, -1)));
  }

  /** What is within delta, squared and halved; what is beyond, times delta. */
  static LossCase.Formula huber(double delta) {
    return sum(
        (tape, x, y) -> {
          Var e = abs(tape, tape.sub(x[0], tape.leaf(y)));
          Var beyond = tape.relu(tape.sub(e, tape.leaf(delta)));
          Var within = tape.sub(e, beyond);
          return tape.add(tape.scale(tape.mul(within, within), 0.5), tape.scale(beyond, delta));
        });
  }

  static LossCase.Formula quantile(double... levels) {
    return sum(
        (tape, x, y) -> {
          Var sum = tape.leaf(0);
          for (int a = 0; a < levels.length; a++) {
            Var under = tape.sub(tape.leaf(y), x[a]);
            Var above = tape.scale(tape.relu(under), levels[a]);
            Var below = tape.scale(tape.relu(tape.scale(under, -1)), 1 - levels[a]);
            sum = tape.add(sum, tape.add(above, below));
          }
          return tape.scale(sum, 1.0 / levels.length);
        });
  }
}
