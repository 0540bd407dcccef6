package dev.eddy.model.decode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Searches for the best sequence that a network would write, keeping the best beginnings at every
 * length. Sequences of different length are compared by their log likelihood divided by the length
 * penalty of Wu et al. 2016:
 *
 * <pre>
 * score(Y) = log P(Y) / lp(|Y|)      lp(n) = ((5 + n) / 6)^penalty
 * </pre>
 *
 * <p>n counts the end mark. Penalty 0 compares likelihoods, and so prefers what is short.
 *
 * @param width beginnings kept, at least 1
 * @param maxLength the longest sequence, end mark included, at least 1
 * @param penalty from 0 on; 0.6 to 1 is usual
 * @param end the id that ends a sequence
 */
public record BeamSearch(int width, int maxLength, double penalty, int end) {

  /** Checks the parameters. */
  public BeamSearch {
    if (width < 1
        || maxLength < 1
        || !(penalty >= 0 && penalty < Double.POSITIVE_INFINITY)
        || end < 0) {
      throw new IllegalArgumentException(
          "beam search: width and maxLength must be at least 1, penalty and end at least 0, got %d, %d, %s and %d"
              .formatted(width, maxLength, penalty, end));
    }
  }

  /**
   * One step of whatever writes: a decoder with its state, or a function. It keeps a state for each
   * row.
   */
  @FunctionalInterface
  public interface Step {
    /**
     * Moves every row on by one id.
     *
     * @param from for each row, which row of the step before it continues; {@code {0}} at first.
     *     Not modified
     * @param ids for each row, the id that it takes: what it wrote last; the start id at first. Not
     *     modified
     * @return for each row the log probabilities of the next id, {@code [rows][C]}
     */
    float[][] next(int[] from, int[] ids);
  }

  /**
   * A sequence that was found.
   *
   * @param ids without start and end
   * @param score its log likelihood over the length penalty
   * @param finished whether it ends by itself, rather than at the greatest length
   */
  public record Found(List<Integer> ids, double score, boolean finished) {}

  /** A beginning: its last id, and the beginning before it. */
  private record Prefix(Prefix before, int id, int row, int length, double logP) {

    List<Integer> ids() {
      List<Integer> ids = new ArrayList<>();
      for (Prefix p = this; p.before != null; p = p.before) {
        ids.add(p.id);
      }
      Collections.reverse(ids);
      return ids;
    }
  }

  /**
   * The best sequences, best first: those that end by themselves, then, if they are fewer than the
   * beam is wide, those that were cut off.
   *
   * @param start the id that a sequence begins with
   * @return at most width
   */
  public List<Found> search(Step step, int start) {
    List<Found> finished = new ArrayList<>();
    List<Prefix> live = List.of(new Prefix(null, start, 0, 0, 0));
    for (int length = 1; length <= maxLength && !live.isEmpty(); length++) {
      List<Prefix> best = best(extended(step, live));
      live = new ArrayList<>();
      for (Prefix prefix : best) {
        if (prefix.id() == end) {
          finished.add(new Found(prefix.before().ids(), score(prefix), true));
        } else {
          live.add(prefix);
        }
      }
      if (decided(finished, live)) {
        live = List.of();
      }
    }
    finished.sort(Comparator.comparingDouble(found -> -found.score()));
    live.stream()
        .map(prefix -> new Found(prefix.ids(), score(prefix), false))
        .sorted(Comparator.comparingDouble(found -> -found.score()))
        .forEach(finished::add);
    return List.copyOf(finished.subList(0, Math.min(width, finished.size())));
  }

  private static List<Prefix> extended(Step step, List<Prefix> live) {
    int[] from = live.stream().mapToInt(Prefix::row).toArray();
    int[] ids = live.stream().mapToInt(Prefix::id).toArray();
    float[][] logP = step.next(from, ids);
    List<Prefix> extended = new ArrayList<>();
    for (int row = 0; row < live.size(); row++) {
      Prefix prefix = live.get(row);
      for (int c = 0; c < logP[row].length; c++) {
        if (logP[row][c] > Float.NEGATIVE_INFINITY) { // what cannot be is no beginning
          extended.add(
              new Prefix(prefix, c, row, prefix.length() + 1, prefix.logP() + logP[row][c]));
        }
      }
    }
    return extended;
  }

  /** The likeliest beginnings, of those of one length; the sort keeps the order of ties. */
  private List<Prefix> best(List<Prefix> prefixes) {
    return prefixes.stream()
        .sorted(Comparator.comparingDouble(prefix -> -prefix.logP()))
        .limit(width)
        .toList();
  }

  /**
   * Whether nothing live can still come among the best: a beginning only loses likelihood, and is
   * divided by at most the penalty of the greatest length.
   */
  private boolean decided(List<Found> finished, List<Prefix> live) {
    if (finished.size() < width) {
      return false;
    }
    double hope =
        live.stream().mapToDouble(Prefix::logP).max().orElse(Double.NEGATIVE_INFINITY)
            / lengthPenalty(maxLength);
    return finished.stream().filter(found -> found.score() >= hope).count() >= width;
  }

  private double score(Prefix prefix) {
    return prefix.logP() / lengthPenalty(prefix.length());
  }

  private double lengthPenalty(int length) {
    return StrictMath.pow((5.0 + length) / 6, penalty);
  }
}
