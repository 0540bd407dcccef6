package dev.eddy.model.loss;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;

/**
 * The few classes, out of many, that a batch is scored against: those that are right somewhere in
 * it, and others drawn beside them. All are different, so that for each step every column but one
 * is wrong.
 *
 * @param ids {@code [C]} the classes, ascending
 * @param logQ {@code [C]} the logarithm of the chance that a class is drawn, in the units of {@link
 *     SampledSoftmax}
 * @param columns {@code [T][B]} for each step the place of its right class among the candidates; -1
 *     where it is not known
 */
public record Candidates(IntSeq ids, FloatSeq logQ, IntSeq columns) {
  /** The side of a bundle that holds what is the same for all steps: C steps, one sequence. */
  public static final String SIDE = "candidates";

  /** The part of that side with the logarithms of the chances. */
  public static final String LOG_Q = "logq";

  /** The candidates as a side of a network's input: ids in the main part. */
  public Bundle side() {
    return Bundle.of(Bundle.MAIN, ids).with(LOG_Q, logQ);
  }

  /** What {@link SampledSoftmax}, {@link BprMax} and {@link Top1Max} compare with. */
  public Bundle target() {
    return Bundle.of(Bundle.MAIN, columns).withSide(SIDE, side());
  }
}
