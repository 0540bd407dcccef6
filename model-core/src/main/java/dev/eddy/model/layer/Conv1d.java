package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;
import java.util.List;

/**
 * A convolution over time: every output is {@code activation(b + sum over k of x_k W_k)} of the
 * {@code kernel} steps that its window shows. Causal with stride 1 it runs event by event: its
 * state is the last {@code (kernel - 1) * dilation} inputs. Derivation: docs/layers/convolution.md.
 *
 * @param filters floats in a step of the output
 * @param kernel steps in a window
 * @param stride steps from one window to the next; 1 if left out
 * @param dilation steps from one element of a window to the next; 1 if left out
 * @param padding what lies beyond the sequence's ends; causal if left out
 * @param activation what is done to the sum; linear if left out
 */
public record Conv1d(
    int filters,
    int kernel,
    Integer stride,
    Integer dilation,
    Padding padding,
    Activation activation)
    implements LayerSpec {

  /** Fills in the defaults. */
  public Conv1d {
    stride = stride == null ? 1 : stride;
    dilation = dilation == null ? 1 : dilation;
    padding = padding == null ? Padding.CAUSAL : padding;
    activation = activation == null ? Activation.LINEAR : activation;
    if (filters < 1 || filters > Limits.UNITS) {
      throw new IllegalArgumentException(
          "conv1d: filters must be from 1 to %,d, got %d".formatted(Limits.UNITS, filters));
    }
    if (kernel < 1 || stride < 1 || stride > Limits.STEPS || dilation < 1) {
      throw new IllegalArgumentException(
          "conv1d: kernel and dilation must be at least 1, stride from 1 to %,d, got kernel=%d dilation=%d stride=%d"
              .formatted(Limits.STEPS, kernel, dilation, stride));
    }
    if ((kernel - 1L) * dilation >= Limits.STEPS) {
      throw new IllegalArgumentException(
          "conv1d: a window may span %,d steps, got kernel=%d dilation=%d"
              .formatted(Limits.STEPS, kernel, dilation));
    }
  }

  /** A causal convolution without activation. */
  public static Conv1d causal(int filters, int kernel) {
    return new Conv1d(filters, kernel, null, null, null, null);
  }

  @Override
  public String kind() {
    return "conv1d";
  }

  @Override
  public Shape outputShape(Shape input) {
    ShapeException.width(this, input, Bundle.MAIN);
    return Shape.of(filters);
  }

  @Override
  public Layer build(Shape input) {
    int in = ShapeException.width(this, input, Bundle.MAIN);
    long rows = Limits.weights((long) kernel * in);
    Limits.weights(rows * filters);
    Limits.state((kernel - 1L) * dilation * in);
    return new Built(
        new Windows(in, kernel, stride, dilation, padding),
        new Dense(filters, activation).build(Shape.of(kernel * in)),
        filters);
  }

  /** The windows, and the same dense map of each. */
  private record Built(Windows windows, Layer dense, int filters) implements Layer {
    @Override
    public List<Param> params() {
      return dense.params();
    }

    @Override
    public int stateSize() {
      return windows.stateSize();
    }

    @Override
    public boolean causal() {
      return windows.causal();
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      Bundle shown = windows.forward(params, input, state, context);
      Bundle output = dense.forward(params, shown, state, context);
      if (!output.allReal()) {
        clearUnreal(output);
      }
      return output;
    }

    /** Layers with a state give zeros at steps that are not real. */
    private void clearUnreal(Bundle output) {
      FloatSeq y = output.main();
      for (int t = 0; t < y.time(); t++) {
        for (int b = 0; b < y.batch(); b++) {
          if (!output.real(t, b)) {
            Arrays.fill(y.data(), y.at(t, b), y.at(t, b) + filters, 0f);
          }
        }
      }
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Bundle dShown = dense.backward(params, dOutput, dState, context, grads);
      return windows.backward(params, dShown, dState, context, grads);
    }
  }
}
