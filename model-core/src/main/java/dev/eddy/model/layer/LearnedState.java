package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer whose initial state is a weight, h0, that is learned with the others; it starts at zero.
 *
 * @param inner the layer
 */
record LearnedState(Layer inner) implements Layer {

  @Override
  public List<Param> params() {
    List<Param> params = new ArrayList<>(inner.params());
    params.add(new Param("h0", 1, inner.stateSize(), Inits.constant(0)));
    return List.copyOf(params);
  }

  @Override
  public int stateSize() {
    return inner.stateSize();
  }

  @Override
  public boolean causal() {
    return inner.causal();
  }

  private Slice inner(Slice slice) {
    return slice.sub(0, slice.length() - stateSize());
  }

  private Slice h0(Slice slice) {
    return slice.sub(slice.length() - stateSize(), stateSize());
  }

  @Override
  public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
    return inner.forward(inner(params), input, state, context);
  }

  @Override
  public Bundle backward(
      Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
    return inner.backward(inner(params), dOutput, dState, context, inner(grads));
  }

  @Override
  public void backwardToWeights(
      Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
    inner.backwardToWeights(inner(params), dOutput, dState, context, inner(grads));
  }

  @Override
  public void initialState(Slice params, StateSlice state, int b) {
    Slice h0 = h0(params);
    System.arraycopy(h0.data(), h0.offset(), state.data(), state.row(b), h0.length());
  }

  @Override
  public void initialStateBack(Slice params, StateSlice dState, int b, Slice grads) {
    Slice dH0 = h0(grads);
    for (int i = 0; i < dH0.length(); i++) {
      dH0.data()[dH0.offset() + i] += dState.data()[dState.row(b) + i];
    }
  }
}
