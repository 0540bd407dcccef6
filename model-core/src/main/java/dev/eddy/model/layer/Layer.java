package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import java.util.Arrays;
import java.util.List;

/**
 * A pure function {@code (weights, state, input) -> (state', output)} with its derivative.
 * Implementations are final and hold no mutable field: one layer serves a million entities.
 */
public interface Layer {
  /** The weights, in the order in which they lie in the layer's slice. */
  List<Param> params();

  /** Floats of state for one entity; 0 for a layer without memory. */
  int stateSize();

  /** Whether the output at step t depends on steps up to t only. */
  boolean causal();

  /**
   * Runs T steps for B sequences.
   *
   * @param params the layer's weights. Not modified
   * @param input parts {@code [T][B][F]}. Not modified
   * @param state the state before step 0; holds the state after step T - 1 when the call returns.
   *     Modified
   * @param context kernels, scratch memory, the trace when gradients will be asked for
   * @return a bundle whose arrays live until {@link Context#reset()}
   */
  Bundle forward(Slice params, Bundle input, StateSlice state, Context context);

  /**
   * The derivative of the matching traced {@link #forward}: takes what it pushed off the trace.
   *
   * <p>Gradients accumulate.
   *
   * @param params the weights that forward saw. Not modified
   * @param dOutput the loss's derivative by the output. Not modified
   * @param dState the loss's derivative by the state after the last step (zeros at a truncation
   *     cut); becomes that by the state before step 0. Modified
   * @param context the context of the forward call
   * @param grads the derivative by the weights is added here. Modified
   * @return the loss's derivative by each float part of the input, and of its sides
   */
  Bundle backward(Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads);

  /**
   * {@link #backward} where nobody asks for the derivative by the input, as in the first layer of a
   * network that trains. The same bits in dState and grads.
   */
  default void backwardToWeights(
      Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
    backward(params, dOutput, dState, context, grads);
  }

  /**
   * Writes the state of an entity that has seen nothing (zero unless learned) into row b. state:
   * Modified.
   */
  default void initialState(Slice params, StateSlice state, int b) {
    Arrays.fill(state.data(), state.row(b), state.row(b) + state.size(), 0f);
  }

  /**
   * The derivative of {@link #initialState}: adds row b of dState to the weights that the initial
   * state was made of. Nothing to do where it is zero.
   *
   * @param dState the loss's derivative by the initial state. Not modified
   * @param grads Modified
   */
  default void initialStateBack(Slice params, StateSlice dState, int b, Slice grads) {}

  /**
   * The number of weights.
   *
   * @throws IllegalArgumentException if they are more than a network may have
   */
  default int paramSize() {
    return (int)
        Limits.weights(params().stream().mapToLong(p -> (long) p.rows() * p.columns()).toArray());
  }
}
