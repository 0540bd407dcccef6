package dev.eddy.model.net;

import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Softmax;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.util.Arrays;

/**
 * The beginnings of sequences that a decoder of ids may write for one source, stepped together:
 * what a beam search keeps, or, with one row, what is drawn or taken greedily. {@link #next} is the
 * step that such a search calls.
 */
public final class Hypotheses {
  private final Generator generator;
  private final Context context;
  private Generator.Start rows; // a row for each beginning

  /**
   * No beginning yet.
   *
   * @param generator what writes
   * @param start what {@link Generator#encode} gave. Not modified
   * @param row the source among its rows
   * @param context for the steps; reset by each
   */
  public Hypotheses(Generator generator, Generator.Start start, int row, Context context) {
    this.generator = generator;
    this.context = context;
    this.rows = start.rows(row);
  }

  /**
   * Moves every row on by one id.
   *
   * @param from for each row, which row of the step before it continues; {@code {0}} at first. Not
   *     modified
   * @param ids for each row, the id that it takes: what it wrote last; the start id at first. Not
   *     modified
   * @return for each row the log probabilities of the next id, {@code [rows][outputWidth]}
   */
  public float[][] next(int[] from, int[] ids) {
    context.reset();
    rows = rows.rows(from);
    Bundle tokens = Bundle.of(Bundle.MAIN, new IntSeq(1, ids.length, ids));
    FloatSeq scores = generator.step(rows.memory(), rows.states(), tokens, context);
    int n = scores.width();
    float[] scratch = context.floats(n);
    float[] partials = Softmax.partials(context);
    float[][] next = new float[from.length][];
    for (int r = 0; r < next.length; r++) {
      Softmax.logarithms(context.kernels(), n, scores.data(), r * n, scratch, partials);
      next[r] = Arrays.copyOfRange(scores.data(), r * n, (r + 1) * n);
    }
    return next;
  }
}
