package dev.eddy.model.train;

import dev.eddy.model.seq.Bundle;

/**
 * One sequence and what is to be said of it. Both are batches of one row (B = 1); the target runs
 * on the clock of the network's output: a step for each of the input's, or a single one, or (a
 * label sequence) its own.
 *
 * @param input parts {@code [T][1][...]} and sides. Not modified
 * @param target parts {@code [T'][1][...]}; NaN, or an id below 0, where not known. Not modified
 */
public record Example(Bundle input, Bundle target) {

  /** Checks that there is one row. */
  public Example {
    if (input.batch() != 1 || target.batch() != 1) {
      throw new IllegalArgumentException(
          "an example is one sequence (B = 1), got %d rows of input and %d of target"
              .formatted(input.batch(), target.batch()));
    }
  }

  /** Steps of the input. */
  public int length() {
    return input.time();
  }
}
