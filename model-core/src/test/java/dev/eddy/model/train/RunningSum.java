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

/**
 * A weight (that starts at 1) times the sum of all inputs so far: its output says how long its
 * state was warmed.
 */
record RunningSum() implements LayerSpec {
  @Override
  public String kind() {
    return "running-sum";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(1);
  }

  @Override
  public Layer build(Shape input) {
    return new Built();
  }

  private record Built() implements Layer {
    @Override
    public List<Param> params() {
      return List.of(new Param("w", 1, 1, (w, offset, rows, columns, rng) -> w[offset] = 1f));
    }

    @Override
    public int stateSize() {
      return 1;
    }

    @Override
    public boolean causal() {
      return true;
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      FloatSeq x = input.main();
      FloatSeq sums = new FloatSeq(x.time(), x.batch(), 1, context.floats(x.time() * x.batch()));
      FloatSeq y = new FloatSeq(x.time(), x.batch(), 1, context.floats(x.time() * x.batch()));
      for (int i = 0; i < x.time() * x.batch(); i++) {
        int row = state.row(i % x.batch());
        state.data()[row] += x.data()[i];
        sums.data()[i] = state.data()[row];
        y.data()[i] = params.data()[params.offset()] * sums.data()[i];
      }
      context.push(sums);
      return input.onlyMain(y);
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      FloatSeq sums = context.pop(FloatSeq.class);
      FloatSeq dy = dOutput.main();
      for (int i = 0; i < dy.time() * dy.batch(); i++) {
        grads.data()[grads.offset()] += dy.data()[i] * sums.data()[i];
      }
      return dOutput; // nothing below asks for the derivative by the input
    }
  }
}
