package dev.eddy.model.layer;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.IntSeq;
import java.util.Arrays;
import java.util.List;

/**
 * A table of trained vectors: reads integer ids and gives row {@code id} of the table. A step costs
 * {@code units} floats, however large the vocabulary. Derivation: docs/layers/embedding.md.
 *
 * <p>The row of the padding id is never read: it gives zeros and learns nothing. The ids of steps
 * that are not real are not looked at, so that anything may stand there.
 *
 * @param vocabulary how many ids there are: they run from 0 to this, exclusive
 * @param units floats in a step of the output
 * @param part the part of the input that holds the ids; the main one if left out
 * @param padding the id that stands for nothing; null for none
 */
public record Embedding(int vocabulary, int units, String part, Integer padding)
    implements LayerSpec {

  /** Fills in the default. */
  public Embedding {
    EmbeddingTable.check("embedding", vocabulary, units);
    part = part == null ? Bundle.MAIN : part;
    if (padding != null && (padding < 0 || padding >= vocabulary)) {
      throw new IllegalArgumentException(
          "embedding: padding must be an id from 0 to %,d or left out, got %d"
              .formatted(vocabulary - 1, padding));
    }
  }

  /** Of the main part, without a padding id. */
  public static Embedding of(int vocabulary, int units) {
    return new Embedding(vocabulary, units, null, null);
  }

  @Override
  public String kind() {
    return "embedding";
  }

  @Override
  public Shape outputShape(Shape input) {
    ShapeException.ids(this, input, part);
    return Shape.of(units);
  }

  @Override
  public Layer build(Shape input) {
    ShapeException.ids(this, input, part);
    return new Built(vocabulary, units, part, padding == null ? -1 : padding);
  }

  private record Built(int vocabulary, int units, String part, int padding) implements Layer {
    private record Trace(Bundle input) {}

    @Override
    public List<Param> params() {
      return List.of(new Param("E", vocabulary, units, this::init));
    }

    /** Standard normal, as a scaled input would be; zeros for the padding id. */
    private void init(float[] w, int offset, int rows, int columns, Rng rng) {
      Inits.normal(1f).fill(w, offset, rows, columns, rng);
      if (padding >= 0) {
        Arrays.fill(w, offset + padding * columns, offset + (padding + 1) * columns, 0f);
      }
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
      IntSeq ids = input.ids(part);
      EmbeddingTable.checkIds("embedding", part, ids, input, vocabulary);
      float[] y = context.floats(ids.time() * ids.batch() * units);
      for (int row = 0; row < ids.time() * ids.batch(); row++) {
        int id = ids.data()[row];
        if (counts(input, row, id)) {
          System.arraycopy(params.data(), params.offset() + id * units, y, row * units, units);
        }
      }
      if (context.tracing()) {
        context.push(new Trace(input));
      }
      return context.output(input, units, y);
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Bundle input = context.pop(Trace.class).input();
      IntSeq ids = input.ids(part);
      float[] dy = dOutput.main().data();
      float[] dE = grads.data();
      for (int row = 0; row < ids.time() * ids.batch(); row++) {
        int id = ids.data()[row];
        if (counts(input, row, id)) {
          int to = grads.offset() + id * units;
          for (int j = 0; j < units; j++) {
            dE[to + j] += dy[row * units + j];
          }
        }
      }
      return Bundle.none(); // ids have no derivative
    }

    private boolean counts(Bundle input, int row, int id) {
      return id != padding && input.real(row / input.batch(), row % input.batch());
    }
  }
}
