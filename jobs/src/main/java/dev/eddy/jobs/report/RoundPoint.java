package dev.eddy.jobs.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One round of a run, or several in a row put together. Times are seconds.
 *
 * @param stage {@code train} or {@code refit}
 * @param first the first round that it stands for
 * @param last the last one
 * @param rounds how many rounds it stands for
 * @param loss mean training loss, by samples; NaN where nothing was learned from
 * @param scored rounds averaged into the weights that {@code validationLoss} belongs to
 * @param validationLoss of rounds put together the lowest; NaN where nothing is held out
 * @param samples target steps learned from
 * @param seconds wall clock
 * @param time the same, split; the mean over the slots
 * @param dropped shards that came too late to count
 * @param slots the split of every slot; empty where there are too many slots to keep them
 */
record RoundPoint(
    String stage,
    int first,
    int last,
    int rounds,
    double loss,
    int scored,
    double validationLoss,
    long samples,
    double seconds,
    Split time,
    int dropped,
    List<Split> slots) {

  /** This and the next one. */
  RoundPoint plus(RoundPoint next) {
    boolean nextIsBetter =
        Double.isNaN(validationLoss) || next.validationLoss < validationLoss; // false for NaN
    return new RoundPoint(
        stage,
        first,
        next.last,
        rounds + next.rounds,
        mean(loss, samples, next.loss, next.samples),
        nextIsBetter ? next.scored : scored,
        nextIsBetter ? next.validationLoss : validationLoss,
        samples + next.samples,
        seconds + next.seconds,
        time.plus(next.time),
        dropped + next.dropped,
        plus(slots, next.slots));
  }

  private static double mean(double a, long countA, double b, long countB) {
    if (Double.isNaN(a) || countA == 0) {
      return b;
    }
    return Double.isNaN(b) || countB == 0 ? a : (a * countA + b * countB) / (countA + countB);
  }

  private static List<Split> plus(List<Split> a, List<Split> b) {
    if (a.size() != b.size()) {
      return List.of(); // restarted at another parallelism: slots are not the same any more
    }
    List<Split> sum = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      sum.add(a.get(i).plus(b.get(i)));
    }
    return sum;
  }
}
