package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import dev.eddy.model.seq.Seq;
import java.util.Map;

/**
 * The real steps of each sequence in reverse order; what is not real stays where it is. Doing it
 * twice changes nothing.
 */
final class Reversal {
  private final int[] from; // [T][B]: which row (t * B + b) comes to stand here

  private Reversal(int[] from) {
    this.from = from;
  }

  /** For a batch with these lengths and this mask. */
  static Reversal of(Bundle input) {
    int time = input.time();
    int batch = input.batch();
    int[] from = new int[time * batch];
    for (int b = 0; b < batch; b++) {
      int last = time;
      for (int t = 0; t < time; t++) {
        int row = t * batch + b;
        from[row] = row;
        if (input.real(t, b)) {
          do {
            last--;
          } while (!input.real(last, b));
          from[row] = last * batch + b;
        }
      }
    }
    return new Reversal(from);
  }

  /** Every part in the other order; lengths, mask and sides as they are. */
  Bundle apply(Bundle input, Context context) {
    Bundle reversed = input;
    for (Map.Entry<String, Seq> part : input.parts().entrySet()) {
      Seq seq = part.getValue();
      reversed =
          reversed.with(
              part.getKey(),
              seq instanceof FloatSeq floats ? apply(floats, context) : apply((IntSeq) seq));
    }
    return reversed;
  }

  FloatSeq apply(FloatSeq seq, Context context) {
    int width = seq.width();
    float[] data = context.floats(from.length * width);
    for (int r = 0; r < from.length; r++) {
      System.arraycopy(seq.data(), from[r] * width, data, r * width, width);
    }
    return new FloatSeq(seq.time(), seq.batch(), width, data);
  }

  private IntSeq apply(IntSeq seq) {
    int[] data = new int[from.length];
    for (int r = 0; r < from.length; r++) {
      data[r] = seq.data()[from[r]];
    }
    return new IntSeq(seq.time(), seq.batch(), data);
  }
}
