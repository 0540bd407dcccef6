package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;
import java.util.List;

/**
 * Picks, repeats or reorders values: output j is input {@code indices[j]}. No weights.
 *
 * @param indices for each output, which input it copies
 */
public record Gather(List<Integer> indices) implements LayerSpec {

  /** Keeps a copy. */
  public Gather {
    indices = List.copyOf(indices);
    if (indices.isEmpty() || indices.stream().anyMatch(i -> i < 0)) {
      throw new IllegalArgumentException(
          "gather: indices must be a list of numbers from 0 on, got " + indices);
    }
  }

  /** Output j is input indices[j]. */
  public static Gather of(int... indices) {
    return new Gather(Arrays.stream(indices).boxed().toList());
  }

  @Override
  public String kind() {
    return "gather";
  }

  @Override
  public Shape outputShape(Shape input) {
    int width = ShapeException.width(this, input, Bundle.MAIN);
    for (int index : indices) {
      if (index >= width) {
        throw new ShapeException(
            kind(), "index %d is beyond its input of width %d".formatted(index, width));
      }
    }
    return Shape.of(indices.size());
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    return new Built(input.main(), indices.stream().mapToInt(Integer::intValue).toArray());
  }

  private static final class Built implements Layer {
    private final int in;
    private final int[] indices; // [out]

    Built(int in, int[] indices) {
      this.in = in;
      this.indices = indices;
    }

    @Override
    public List<Param> params() {
      return List.of();
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
      FloatSeq x = input.main();
      int rows = x.time() * x.batch();
      int out = indices.length;
      float[] y = context.floats(rows * out);
      for (int r = 0; r < rows; r++) {
        for (int j = 0; j < out; j++) {
          y[r * out + j] = x.data()[r * in + indices[j]];
        }
      }
      return context.output(input, out, y);
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      FloatSeq dy = dOutput.main();
      int rows = dy.time() * dy.batch();
      int out = indices.length;
      float[] dx = context.floats(rows * in);
      for (int r = 0; r < rows; r++) {
        for (int j = 0; j < out; j++) {
          dx[r * in + indices[j]] += dy.data()[r * out + j];
        }
      }
      return dOutput.onlyMain(new FloatSeq(dy.time(), dy.batch(), in, dx));
    }
  }
}
