package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;

/**
 * The real steps of a sequence, one after the other: what a sum over a whole sequence runs over. A
 * step that is not real has no place there, so that nothing it holds can reach a result, and the
 * bits are those of a sequence without it.
 */
final class RealSteps {
  private RealSteps() {}

  /**
   * Copies the real steps of sequence b to the front of its own block of rows.
   *
   * @param seq a part of the bundle, {@code [T][B][F]}. Not modified
   * @param rows {@code [B][T][F]}, block b is written. Modified
   */
  static void gather(Bundle bundle, FloatSeq seq, int b, float[] rows) {
    int n = 0;
    for (int t = 0; t < seq.time(); t++) {
      if (bundle.real(t, b)) {
        int to = (b * seq.time() + n++) * seq.width();
        System.arraycopy(seq.data(), seq.at(t, b), rows, to, seq.width());
      }
    }
  }

  /**
   * The way back of {@link #gather}.
   *
   * @param rows {@code [B][T][F]}. Not modified
   * @param seq {@code [T][B][F]}; the real steps of sequence b are written, the others left. Its
   *     data: Modified
   */
  static void scatter(Bundle bundle, float[] rows, int b, FloatSeq seq) {
    int n = 0;
    for (int t = 0; t < seq.time(); t++) {
      if (bundle.real(t, b)) {
        int from = (b * seq.time() + n++) * seq.width();
        System.arraycopy(rows, from, seq.data(), seq.at(t, b), seq.width());
      }
    }
  }
}
