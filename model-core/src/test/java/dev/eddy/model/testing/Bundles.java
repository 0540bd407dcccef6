package dev.eddy.model.testing;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import dev.eddy.model.seq.Seq;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Parts of bundles, copied: some steps, some rows. Lengths and masks are left behind. */
final class Bundles {
  private Bundles() {}

  /** Some steps of all rows; sides whole. */
  static Bundle steps(Bundle input, int t, int time) {
    int[] steps = IntStream.range(t, t + time).toArray();
    int[] rows = IntStream.range(0, input.batch()).toArray();
    Bundle cut = map(input, seq -> pick(seq, steps, rows));
    for (String side : input.sides().keySet()) {
      cut = cut.withSide(side, input.side(side));
    }
    return cut;
  }

  /** Some steps of one row; of its sides, what is real. */
  static Bundle row(Bundle input, int[] steps, int b) {
    Bundle cut = map(input, seq -> pick(seq, steps, new int[] {b}));
    for (String name : input.sides().keySet()) {
      Bundle side = input.side(name);
      cut = cut.withSide(name, row(side, real(side, b), b));
    }
    return cut;
  }

  /** All steps of one row, with their lengths' worth. */
  static Bundle row(Bundle input, int b) {
    return row(input, IntStream.range(0, input.time()).toArray(), b);
  }

  /** The steps of row b that are real. */
  static int[] real(Bundle input, int b) {
    return IntStream.range(0, input.time()).filter(t -> input.real(t, b)).toArray();
  }

  /** Some steps of one row. */
  static FloatSeq pick(FloatSeq seq, int[] steps, int b) {
    return (FloatSeq) pick(seq, steps, new int[] {b});
  }

  private static Bundle map(Bundle input, UnaryOperator<Seq> change) {
    Bundle result = Bundle.none();
    for (String part : input.parts().keySet()) {
      result = result.with(part, change.apply(input.parts().get(part)));
    }
    return result;
  }

  private static Seq pick(Seq seq, int[] steps, int[] rows) {
    if (seq instanceof IntSeq ids) {
      int[] data =
          Arrays.stream(steps)
              .flatMap(t -> Arrays.stream(rows).map(b -> ids.data()[t * ids.batch() + b]))
              .toArray();
      return new IntSeq(steps.length, rows.length, data);
    }
    FloatSeq floats = (FloatSeq) seq;
    FloatSeq picked = FloatSeq.zeros(steps.length, rows.length, floats.width());
    for (int i = 0; i < steps.length; i++) {
      for (int r = 0; r < rows.length; r++) {
        int from = floats.at(steps[i], rows[r]);
        System.arraycopy(floats.data(), from, picked.data(), picked.at(i, r), floats.width());
      }
    }
    return picked;
  }
}
