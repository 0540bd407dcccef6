package dev.eddy.model.decode;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.loss.CtcLoss;
import dev.eddy.model.loss.Softmax;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Labels from the outputs of a network that was trained with {@link CtcLoss}.
 *
 * @param loss whose classes and blank
 * @param kernels the arithmetic
 */
public record CtcDecoder(CtcLoss loss, Kernels kernels) {

  /**
   * What the best path says: the best class of every real step, repeats dropped, then blanks. Not
   * always the best label, of which there may be many paths that are each less likely.
   *
   * @param logits the main part {@code [T][B][C]}. Not modified
   * @return the label, and the log likelihood of that one path
   * @throws IllegalArgumentException if the logits are not C wide
   */
  public Labelling greedy(Bundle logits, int b) {
    List<Integer> label = new ArrayList<>();
    double score = 0;
    int before = loss.blank();
    for (float[] logP : logProbabilities(logits, b)) {
      int best = 0;
      for (int c = 1; c < logP.length; c++) {
        best = logP[c] > logP[best] ? c : best;
      }
      if (best != before && best != loss.blank()) {
        label.add(best);
      }
      before = best;
      score += logP[best];
    }
    return new Labelling(label, score);
  }

  /**
   * The labels that are found most likely, best first, by prefix beam search (Graves and Jaitly
   * 2014; Hannun et al. 2014): after every step the likeliest beginnings of labels are kept, each
   * the sum of its paths, apart for those that end with a blank and those that do not.
   *
   * @param logits the main part {@code [T][B][C]}. Not modified
   * @param width how many beginnings are kept, at least 1
   * @return at most so many labels, with the log likelihood of the paths that were followed; that
   *     of all their paths where the beam was wide enough for every beginning
   * @throws IllegalArgumentException if the logits are not C wide, or the beam has no width
   */
  public List<Labelling> beam(Bundle logits, int b, int width) {
    if (width < 1) {
      throw new IllegalArgumentException("ctc: the beam must be at least 1 wide, got " + width);
    }
    Map<List<Integer>, Ends> beam = new LinkedHashMap<>();
    beam.put(List.of(), new Ends(0, Double.NEGATIVE_INFINITY));
    for (float[] logP : logProbabilities(logits, b)) {
      beam = best(extended(beam, logP), width);
    }
    return beam.entrySet().stream()
        .map(entry -> new Labelling(entry.getKey(), entry.getValue().all()))
        .toList();
  }

  /** The log likelihood of a beginning's paths: those that end with a blank, and the others. */
  private record Ends(double blank, double other) {
    static final Ends NONE = new Ends(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);

    double all() {
      return logAdd(blank, other);
    }

    Ends plus(double moreBlank, double moreOther) {
      return new Ends(logAdd(blank, moreBlank), logAdd(other, moreOther));
    }
  }

  private Map<List<Integer>, Ends> extended(Map<List<Integer>, Ends> beam, float[] logP) {
    Map<List<Integer>, Ends> next = new LinkedHashMap<>();
    beam.forEach(
        (prefix, ends) -> {
          int last = prefix.isEmpty() ? loss.blank() : prefix.get(prefix.size() - 1);
          double repeated = prefix.isEmpty() ? Double.NEGATIVE_INFINITY : ends.other() + logP[last];
          add(next, prefix, ends.all() + logP[loss.blank()], repeated);
          for (int c = 0; c < logP.length; c++) {
            if (c != loss.blank()) {
              double from = c == last ? ends.blank() : ends.all(); // a repeat needs a blank between
              add(next, with(prefix, c), Double.NEGATIVE_INFINITY, from + logP[c]);
            }
          }
        });
    return next;
  }

  private static void add(
      Map<List<Integer>, Ends> beam, List<Integer> prefix, double blank, double other) {
    beam.put(prefix, beam.getOrDefault(prefix, Ends.NONE).plus(blank, other));
  }

  private static List<Integer> with(List<Integer> prefix, int id) {
    List<Integer> more = new ArrayList<>(prefix);
    more.add(id);
    return more;
  }

  /** The likeliest that can be, best first; the sort keeps the order of those that are alike. */
  private static Map<List<Integer>, Ends> best(Map<List<Integer>, Ends> beam, int width) {
    Map<List<Integer>, Ends> best = new LinkedHashMap<>();
    beam.entrySet().stream()
        .filter(entry -> entry.getValue().all() != Double.NEGATIVE_INFINITY)
        .sorted(Comparator.comparingDouble(entry -> -entry.getValue().all()))
        .limit(width)
        .forEach(entry -> best.put(entry.getKey(), entry.getValue()));
    return best;
  }

  private List<float[]> logProbabilities(Bundle logits, int b) {
    FloatSeq x = logits.main();
    if (x.width() != loss.classes()) {
      throw new IllegalArgumentException(
          "ctc: the logits of %d classes are so wide, got %d".formatted(loss.classes(), x.width()));
    }
    return IntStream.range(0, x.time())
        .filter(t -> logits.real(t, b))
        .mapToObj(t -> logSoftmax(x.data(), x.at(t, b)))
        .toList();
  }

  private float[] logSoftmax(float[] x, int at) {
    int n = loss.classes();
    float[] p = Arrays.copyOfRange(x, at, at + n);
    double logSum = Softmax.inPlace(kernels, n, p, 0, 1);
    for (int c = 0; c < n; c++) {
      p[c] = (float) (x[at + c] - logSum);
    }
    return p;
  }

  private static double logAdd(double a, double b) {
    double most = Math.max(a, b);
    return most == Double.NEGATIVE_INFINITY
        ? most
        : most + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - most));
  }
}
