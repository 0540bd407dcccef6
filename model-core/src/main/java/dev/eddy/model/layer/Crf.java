package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * The learned transitions of a linear-chain conditional random field. Takes a score e of each of K
 * labels at every step and gives potentials, {@code [K + 2][K]} a step:
 *
 * <pre>
 * rows 0 to K-1:  A[i][j] + e[j]     label i at the step before, j now
 * row  K:         start[j] + e[j]    j is the first label
 * row  K+1:       end[j]             j is the last label: added to the above
 * </pre>
 *
 * <p>The loss {@code crf} and Viterbi decoding read them; which row counts at a step is theirs to
 * say. So the layer knows nothing of sequences, and has its weights like any other. Derivation:
 * docs/layers/crf.md.
 *
 * @param labels K
 */
public record Crf(int labels) implements LayerSpec {

  /** Checks the number. */
  public Crf {
    if (labels < 1 || labels > Limits.UNITS || (long) labels * (labels + 2) > Limits.UNITS) {
      throw new IllegalArgumentException(
          "crf: labels must be at least 1 and labels * (labels + 2) at most %,d, got %d"
              .formatted(Limits.UNITS, labels));
    }
  }

  /** Floats in a step of the output for K labels. */
  public static int width(int labels) {
    return labels * (labels + 2);
  }

  @Override
  public String kind() {
    return "crf";
  }

  @Override
  public Shape outputShape(Shape input) {
    int in = ShapeException.width(this, input, Bundle.MAIN);
    if (in != labels) {
      throw new ShapeException(
          kind(),
          "its input is %d wide, it takes one score for each of its %d labels"
              .formatted(in, labels));
    }
    return Shape.of(width(labels));
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    return new Built(labels);
  }

  private record Built(int labels) implements Layer {

    @Override
    public List<Param> params() {
      return List.of(
          new Param("A", labels, labels, Inits.constant(0)),
          new Param("start", 1, labels, Inits.constant(0)),
          new Param("end", 1, labels, Inits.constant(0)));
    }

    @Override
    public int stateSize() {
      return 0;
    }

    @Override
    public boolean causal() {
      return true;
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      FloatSeq e = input.main();
      int rows = e.time() * e.batch();
      int width = width(labels);
      float[] y = context.floats(rows * width);
      Products.fillRows(rows, width, params, y); // weights lie as the rows of potentials do
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i <= labels; i++) {
          for (int j = 0; j < labels; j++) {
            y[r * width + i * labels + j] += e.data()[r * labels + j];
          }
        }
      }
      return context.output(input, width, y);
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      FloatSeq dy = dOutput.main();
      int rows = dy.time() * dy.batch();
      int width = width(labels);
      Products.addBiasGradient(context.kernels(), rows, width, dy.data(), grads);
      float[] de = context.floats(rows * labels);
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i <= labels; i++) {
          for (int j = 0; j < labels; j++) {
            de[r * labels + j] += dy.data()[r * width + i * labels + j];
          }
        }
      }
      return dOutput.onlyMain(new FloatSeq(dy.time(), dy.batch(), labels, de));
    }
  }
}
