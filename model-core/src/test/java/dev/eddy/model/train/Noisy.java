package dev.eddy.model.train;

import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Layer;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Param;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.Slice;
import dev.eddy.model.layer.StateSlice;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/** Adds noise while training: its output says which randomness a block was given. */
record Noisy() implements LayerSpec {
  @Override
  public String kind() {
    return "noisy";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Layer build(Shape input) {
    return new Built();
  }

  private record Built() implements Layer {
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
      int size = x.time() * x.batch() * x.width();
      float[] y = context.floats(size);
      for (int i = 0; i < size; i++) {
        y[i] = x.data()[i] + (context.training() ? context.random().nextFloat() : 0);
      }
      return input.onlyMain(new FloatSeq(x.time(), x.batch(), x.width(), y));
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      return dOutput;
    }
  }
}
