package dev.eddy.model.testing;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.testing.Tape.Var;
import java.util.ArrayList;
import java.util.List;

/** The tape's formulas of losses of whole sequences: every path there is, one after the other. */
public final class PathFormulas {
  private PathFormulas() {}

  /** All sequences of n numbers below k. */
  public static List<int[]> paths(int n, int k) {
    List<int[]> paths = new ArrayList<>();
    for (int code = 0; code < (int) StrictMath.rint(StrictMath.pow(k, n)); code++) {
      int[] path = new int[n];
      for (int i = 0, rest = code; i < n; i++, rest /= k) {
        path[i] = rest % k;
      }
      paths.add(path);
    }
    return paths;
  }

  /** What a path of classes says: repeats dropped, then blanks. */
  public static List<Integer> collapse(int[] path, int blank) {
    List<Integer> label = new ArrayList<>();
    for (int t = 0; t < path.length; t++) {
      if (path[t] != blank && (t == 0 || path[t] != path[t - 1])) {
        label.add(path[t]);
      }
    }
    return label;
  }

  static LossCase.Formula ctc(int blank) {
    return (tape, x, target) -> {
      List<Integer> label = new ArrayList<>();
      for (int l = 0; l < target.time(); l++) {
        label.add(target.ids(Bundle.MAIN).data()[l]);
      }
      if (label.stream().anyMatch(id -> id < 0)) {
        return tape.leaf(0);
      }
      Var[][] p = new Var[x.length][];
      for (int t = 0; t < x.length; t++) {
        p[t] = ClassFormulas.softmax(tape, x[t]);
      }
      Var sum = tape.leaf(0);
      for (int[] path : paths(x.length, x[0].length)) {
        if (collapse(path, blank).equals(label)) {
          Var product = tape.leaf(1);
          for (int t = 0; t < x.length; t++) {
            product = tape.mul(product, p[t][path[t]]);
          }
          sum = tape.add(sum, product);
        }
      }
      return tape.scale(tape.log(sum), -1);
    };
  }

  static LossCase.Formula crf(int labels) {
    return (tape, x, target) -> {
      int[] known = target.ids(Bundle.MAIN).data();
      Var all = tape.leaf(0);
      Var right = tape.leaf(0);
      for (int[] path : paths(x.length, labels)) {
        Var weight = tape.exp(score(tape, x, path, labels));
        all = tape.add(all, weight);
        boolean agrees = true;
        for (int t = 0; t < path.length; t++) {
          agrees &= known[t] < 0 || known[t] == path[t];
        }
        right = agrees ? tape.add(right, weight) : right;
      }
      return tape.sub(tape.log(all), tape.log(right));
    };
  }

  private static Var score(Tape tape, Var[][] x, int[] path, int labels) {
    Var score = tape.leaf(0);
    for (int t = 0; t < path.length; t++) {
      int before = t == 0 ? labels : path[t - 1];
      score = tape.add(score, x[t][before * labels + path[t]]);
    }
    int last = path.length - 1;
    return tape.add(score, x[last][(labels + 1) * labels + path[last]]);
  }
}
