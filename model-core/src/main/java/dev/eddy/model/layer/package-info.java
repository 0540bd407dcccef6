/**
 * Layers: pure functions {@code (weights, state, input) -> (state', output)} with their
 * derivatives.
 *
 * <p>Letters, everywhere in this package: T time steps, B sequences of a batch, F (or {@code in})
 * floats in a step of the input, H (or {@code units}) floats in a step of the output; x input, y
 * output, h output of a recurrent layer, c its inner cell; W weights by the input, lying as {@code
 * [in][out]}, U weights by the state before, b bias; {@code dX} is the loss's derivative by X. A
 * row is one step of one sequence, row {@code t * B + b}.
 *
 * <pre>
 * LayerSpec --build(Shape)--> Layer       forward:  Bundle --> Bundle, state overwritten, trace pushed
 *  (record)                    |          backward: dOutput --> dInput, trace popped, grads added to
 *                              +-- Recurrent(Cell): a cell says what happens in one step
 *                              +-- Sequential, Sum, Concat, Residual, Bidirectional: containers of layers
 * </pre>
 *
 * <p>Steps that are not real (beyond their sequence's length, or masked) leave a state as it is,
 * and layers with a state give zeros there; what a layer without state gives there means nothing,
 * and a loss must not look at it: its gradient is zero there.
 */
package dev.eddy.model.layer;
