package dev.eddy.model.decode;

import dev.eddy.model.layer.Crf;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The best sequence of labels under a linear-chain conditional random field (Viterbi 1967), from
 * the potentials of the layer {@link Crf}:
 *
 * <pre>
 * best_0(j) = start[j] + e_0[j]
 * best_t(j) = max over i of  best_(t-1)(i) + A[i][j] + e_t[j]
 * </pre>
 */
public final class Viterbi {
  private Viterbi() {}

  /**
   * The best labels of the real steps of sequence b, and their score, which is not normalised;
   * without real steps no labels and 0.
   *
   * @param potentials the main part {@code [T][B][(K + 2) K]}. Not modified
   * @throws IllegalArgumentException if they are not as wide as K labels need
   */
  public static Labelling best(Bundle potentials, int labels, int b) {
    FloatSeq x = potentials.main();
    if (x.width() != Crf.width(labels)) {
      throw new IllegalArgumentException(
          "viterbi: the potentials of %d labels are %d wide, got %d: they come from the layer crf"
              .formatted(labels, Crf.width(labels), x.width()));
    }
    int[] steps = IntStream.range(0, x.time()).filter(t -> potentials.real(t, b)).toArray();
    if (steps.length == 0) {
      return new Labelling(List.of(), 0);
    }
    int[][] from = new int[steps.length][labels];
    double[] best = new double[labels];
    for (int j = 0; j < labels; j++) {
      best[j] = x.data()[x.at(steps[0], b) + labels * labels + j];
    }
    for (int t = 1; t < steps.length; t++) {
      best = step(x.data(), x.at(steps[t], b), best, from[t]);
    }
    int end = x.at(steps[steps.length - 1], b) + (labels + 1) * labels;
    int last = 0;
    for (int j = 0; j < labels; j++) {
      best[j] += x.data()[end + j];
      last = best[j] > best[last] ? j : last;
    }
    return new Labelling(trace(from, last), best[last]);
  }

  /** One step. from: for each label, the one before it on its best way. Modified. */
  private static double[] step(float[] x, int at, double[] before, int[] from) {
    int labels = before.length;
    double[] best = new double[labels];
    for (int j = 0; j < labels; j++) {
      double most = before[0] + x[at + j];
      for (int i = 1; i < labels; i++) {
        double score = before[i] + x[at + i * labels + j];
        if (score > most) {
          most = score;
          from[j] = i;
        }
      }
      best[j] = most;
    }
    return best;
  }

  private static List<Integer> trace(int[][] from, int last) {
    List<Integer> ids = new ArrayList<>();
    int label = last;
    for (int t = from.length - 1; t >= 0; t--) {
      ids.add(label);
      label = from[t][label];
    }
    Collections.reverse(ids);
    return ids;
  }
}
