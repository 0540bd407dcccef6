package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import java.util.List;

/**
 * Two forms of one layer, with the same weights and the same state: one that can do what only
 * training asks for, and the fast one.
 *
 * @param training where the context is training
 * @param otherwise everywhere else
 */
record WhenTraining(Layer training, Layer otherwise) implements Layer {

  private Layer layer(Context context) {
    return context.training() ? training : otherwise;
  }

  @Override
  public List<Param> params() {
    return otherwise.params();
  }

  @Override
  public int stateSize() {
    return otherwise.stateSize();
  }

  @Override
  public boolean causal() {
    return otherwise.causal();
  }

  @Override
  public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
    return layer(context).forward(params, input, state, context);
  }

  @Override
  public Bundle backward(
      Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
    return layer(context).backward(params, dOutput, dState, context, grads);
  }

  @Override
  public void backwardToWeights(
      Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
    layer(context).backwardToWeights(params, dOutput, dState, context, grads);
  }
}
