package dev.eddy.model.train;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.util.ArrayList;
import java.util.List;

/** Small sequences. */
final class Toys {
  private Toys() {}

  /** Noise, and as the target of a step the sum of its input and the one before. */
  static Examples sums(long seed, int... lengths) {
    Rng rng = new Rng(seed);
    List<Example> examples = new ArrayList<>();
    for (int length : lengths) {
      FloatSeq x = FloatSeq.zeros(length, 1, 1);
      FloatSeq y = FloatSeq.zeros(length, 1, 1);
      for (int t = 0; t < length; t++) {
        x.data()[t] = 2 * rng.nextFloat() - 1;
        y.data()[t] = x.data()[t] + (t == 0 ? 0 : x.data()[t - 1]);
      }
      examples.add(new Example(Bundle.of(x), Bundle.of(y)));
    }
    return Examples.of(examples);
  }

  /** Steps that say which they are: input 100 i + t of sequence i, target its negative. */
  static Examples numbered(int... lengths) {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      FloatSeq x = FloatSeq.zeros(lengths[i], 1, 1);
      FloatSeq y = FloatSeq.zeros(lengths[i], 1, 1);
      int[] ids = new int[lengths[i]];
      for (int t = 0; t < lengths[i]; t++) {
        ids[t] = 100 * i + t;
        x.data()[t] = 100 * i + t;
        y.data()[t] = -x.data()[t];
      }
      examples.add(
          new Example(Bundle.of(x).with("id", new IntSeq(lengths[i], 1, ids)), Bundle.of(y)));
    }
    return Examples.of(examples);
  }
}
