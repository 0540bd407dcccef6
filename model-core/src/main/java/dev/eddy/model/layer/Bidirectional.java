package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.ArrayList;
import java.util.List;

/**
 * Two copies of a layer (Schuster and Paliwal 1997): one reads a sequence from its first step to
 * its last, the other from its last to its first; the outputs for the same step are merged. What is
 * not real stays where it is, the real steps change places among themselves. Both begin at the
 * layer's own initial state; nothing is kept between sequences, and no step can be answered before
 * the sequence has ended. Derivation: docs/layers/bidirectional.md.
 *
 * @param layer gives as many steps as it takes
 * @param merge concat if left out
 */
public record Bidirectional(LayerSpec layer, Merge merge) implements LayerSpec {

  /** What becomes of the outputs f of the one and g of the other direction. */
  public enum Merge {
    /** [f g], twice as wide. */
    @JsonProperty("concat")
    CONCAT,
    /** f + g. */
    @JsonProperty("sum")
    SUM,
    /** (f + g) / 2. */
    @JsonProperty("mean")
    MEAN,
    /** f g, element by element. */
    @JsonProperty("product")
    PRODUCT
  }

  /** Fills in the default. */
  public Bidirectional {
    if (layer == null) {
      throw new IllegalArgumentException("bidirectional: needs a layer");
    }
    merge = merge == null ? Merge.CONCAT : merge;
  }

  /** Side by side. */
  public static Bidirectional of(LayerSpec layer) {
    return new Bidirectional(layer, Merge.CONCAT);
  }

  @Override
  public String kind() {
    return "bidirectional";
  }

  @Override
  public Shape outputShape(Shape input) {
    int width = Children.naming(kind(), List.of(layer), 0, () -> layer.outputShape(input)).main();
    long merged = merge == Merge.CONCAT ? 2L * width : width;
    if (merged > Limits.UNITS) {
      throw new ShapeException(
          kind(), "would give %,d floats, at most %,d".formatted(merged, Limits.UNITS));
    }
    return Shape.of((int) merged);
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    Layer built = Children.naming(kind(), List.of(layer), 0, () -> layer.build(input));
    Limits.weights(built.paramSize(), built.paramSize());
    Limits.checkState(built.stateSize());
    return new Built(built, merge);
  }

  private record Built(Layer layer, Merge merge) implements Layer {
    private record Trace(Reversal order, FloatSeq ahead, FloatSeq back) {}

    @Override
    public List<Param> params() {
      List<Param> params = new ArrayList<>();
      layer.params().forEach(param -> params.add(param.under("forward")));
      layer.params().forEach(param -> params.add(param.under("backward")));
      return List.copyOf(params);
    }

    @Override
    public int stateSize() {
      return 0;
    }

    @Override
    public boolean causal() {
      return false;
    }

    private Slice half(Slice slice, int direction) {
      int size = slice.length() / 2;
      return slice.sub(direction * size, size);
    }

    private StateSlice states(int batch, Context context) {
      int size = layer.stateSize();
      return new StateSlice(context.floats(batch * size), size, 0, size);
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      Reversal order = Reversal.of(input);
      Bundle ahead = run(half(params, 0), input, context);
      Bundle back = run(half(params, 1), order.apply(input, context), context);
      if (ahead.time() != input.time()) {
        throw new IllegalArgumentException(
            "bidirectional: its layer makes %d steps of %d; it must keep them"
                .formatted(ahead.time(), input.time()));
      }
      FloatSeq inOrder = order.apply(back.main(), context);
      context.push(new Trace(order, ahead.main(), inOrder));
      return input.onlyMain(merge(ahead.main(), inOrder, context));
    }

    private Bundle run(Slice params, Bundle input, Context context) {
      StateSlice state = states(input.batch(), context);
      for (int b = 0; b < input.batch(); b++) {
        layer.initialState(params, state, b);
      }
      return layer.forward(params, input, state, context);
    }

    private FloatSeq merge(FloatSeq f, FloatSeq g, Context context) {
      int width = f.width();
      int rows = f.time() * f.batch();
      int columns = merge == Merge.CONCAT ? 2 * width : width;
      float[] y = context.floats(rows * columns);
      if (merge == Merge.CONCAT) {
        for (int r = 0; r < rows; r++) {
          System.arraycopy(f.data(), r * width, y, r * columns, width);
          System.arraycopy(g.data(), r * width, y, r * columns + width, width);
        }
      } else {
        for (int i = 0; i < rows * width; i++) {
          float a = f.data()[i];
          float b = g.data()[i];
          y[i] = merge == Merge.PRODUCT ? a * b : merge == Merge.MEAN ? 0.5f * (a + b) : a + b;
        }
      }
      return new FloatSeq(f.time(), f.batch(), columns, y);
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Trace trace = context.pop(Trace.class);
      Reversal order = trace.order();
      FloatSeq dBack = mergeBack(dOutput.main(), trace.ahead(), 1, context);
      Bundle dReversed =
          runBack(params, 1, dOutput.onlyMain(order.apply(dBack, context)), context, grads);
      FloatSeq dAhead = mergeBack(dOutput.main(), trace.back(), 0, context);
      Bundle dInput = runBack(params, 0, dOutput.onlyMain(dAhead), context, grads);
      return Gradients.plus(dInput, order.apply(dReversed, context), context);
    }

    private Bundle runBack(
        Slice params, int direction, Bundle dOutput, Context context, Slice grads) {
      StateSlice dState = states(dOutput.batch(), context);
      Slice weights = half(params, direction);
      Slice dWeights = half(grads, direction);
      Bundle dInput = layer.backward(weights, dOutput, dState, context, dWeights);
      for (int b = 0; b < dOutput.batch(); b++) {
        layer.initialStateBack(weights, dState, b, dWeights);
      }
      return dInput;
    }

    /** The derivative by the output of one direction; other: the other's output. */
    private FloatSeq mergeBack(FloatSeq d, FloatSeq other, int direction, Context context) {
      int width = other.width();
      int rows = d.time() * d.batch();
      float[] dy = context.floats(rows * width);
      if (merge == Merge.CONCAT) {
        for (int r = 0; r < rows; r++) {
          System.arraycopy(d.data(), (2 * r + direction) * width, dy, r * width, width);
        }
      } else {
        for (int i = 0; i < rows * width; i++) {
          float by =
              switch (merge) {
                case PRODUCT -> other.data()[i];
                case MEAN -> 0.5f;
                default -> 1f;
              };
          dy[i] = d.data()[i] * by;
        }
      }
      return new FloatSeq(d.time(), d.batch(), width, dy);
    }
  }
}
