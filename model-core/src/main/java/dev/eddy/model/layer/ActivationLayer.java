package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * An activation by itself, at every step: what {@link Dense} does to its sums. No weights.
 * docs/layers/dense.md.
 *
 * @param function which
 */
public record ActivationLayer(Activation function) implements LayerSpec {

  /** Checks that there is a function. */
  public ActivationLayer {
    if (function == null) {
      throw new IllegalArgumentException("activation: needs a function, for example relu");
    }
  }

  @Override
  public String kind() {
    return "activation";
  }

  @Override
  public Shape outputShape(Shape input) {
    ShapeException.width(this, input, Bundle.MAIN);
    return input.onlyMain();
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    return new Built(function);
  }

  private record Built(Activation function) implements Layer {
    private record Trace(FloatSeq x, FloatSeq y) {}

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
      float[] y = context.floats(rows * x.width());
      function.apply(context, rows, x.width(), x.data(), y);
      Bundle output = context.output(input, x.width(), y);
      if (context.tracing()) {
        context.push(new Trace(x, output.main()));
      }
      return output;
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Trace trace = context.pop(Trace.class);
      FloatSeq dy = dOutput.main();
      int rows = dy.time() * dy.batch();
      float[] dx = context.floats(rows * dy.width());
      function.back(
          context.kernels(), rows, dy.width(), trace.x().data(), trace.y().data(), dy.data(), dx);
      return dOutput.onlyMain(new FloatSeq(dy.time(), dy.batch(), dy.width(), dx));
    }
  }
}
