package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;
import java.util.List;

/**
 * The windows that a convolution over time multiplies with its weights, side by side ({@code
 * im2col}): a step of output holds {@code kernel} steps of input, oldest first. Only real steps of
 * a sequence are counted; what lies beyond its ends is zero.
 *
 * <p>A causal window that moves step by step keeps the steps it will see again as its state, so
 * that it goes on where the sequence before ended.
 *
 * @param in floats in a step of the input
 * @param kernel steps in a window
 * @param stride steps from one window to the next
 * @param dilation steps from one element of a window to the next
 * @param padding what lies beyond the ends
 */
record Windows(int in, int kernel, int stride, int dilation, Padding padding) implements Layer {

  private record Trace(Bundle input, Bundle output) {}

  @Override
  public List<Param> params() {
    return List.of();
  }

  @Override
  public int stateSize() {
    return causal() ? before() * in : 0;
  }

  @Override
  public boolean causal() {
    return padding == Padding.CAUSAL && stride == 1;
  }

  private int span() {
    return (kernel - 1) * dilation + 1;
  }

  /** Steps that stand before the first real one: the state, or zeros. */
  private int before() {
    return padding.before(span());
  }

  private int windows(int real) {
    return padding.windows(real, span(), stride);
  }

  @Override
  public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
    FloatSeq x = input.main();
    int time = windows(x.time());
    FloatSeq y =
        new FloatSeq(time, x.batch(), kernel * in, context.floats(time * x.batch() * kernel * in));
    Bundle output = output(input, y);
    float[] series = series(x.time(), context);
    for (int b = 0; b < x.batch(); b++) {
      int real = gather(input, b, state, series);
      int window = 0;
      for (int t = 0; t < time; t++) {
        if (output.real(t, b)) {
          cut(series, window++, y.data(), y.at(t, b));
        }
      }
      if (causal()) {
        System.arraycopy(series, real * in, state.data(), state.row(b), stateSize());
      }
    }
    context.push(new Trace(input, output));
    return output;
  }

  /** Windows stand where their step stood; where there is not one for each, they close up. */
  private Bundle output(Bundle input, FloatSeq y) {
    if (input.allReal() || (stride == 1 && padding != Padding.VALID)) {
      return input.onlyMain(y);
    }
    int[] lengths = new int[y.batch()];
    for (int b = 0; b < y.batch(); b++) {
      lengths[b] = windows(input.realSteps(b));
    }
    return Bundle.of(y).withStarts(input.starts()).withLengths(lengths);
  }

  /** Room for one sequence with all that windows see beyond its ends. */
  private float[] series(int time, Context context) {
    return context.floats((time + span() - 1) * in);
  }

  /**
   * Writes what stands before, the real steps of sequence b, and zeros.
   *
   * @param series Modified
   * @return how many steps are real
   */
  private int gather(Bundle input, int b, StateSlice state, float[] series) {
    FloatSeq x = input.main();
    if (causal()) {
      System.arraycopy(state.data(), state.row(b), series, 0, stateSize());
    }
    int real = 0;
    for (int t = 0; t < x.time(); t++) {
      if (input.real(t, b)) {
        System.arraycopy(x.data(), x.at(t, b), series, (before() + real) * in, in);
        real++;
      }
    }
    Arrays.fill(series, (before() + real) * in, series.length, 0f);
    return real;
  }

  private void cut(float[] series, int window, float[] y, int at) {
    for (int k = 0; k < kernel; k++) {
      System.arraycopy(series, (window * stride + k * dilation) * in, y, at + k * in, in);
    }
  }

  @Override
  public Bundle backward(
      Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
    Trace trace = context.pop(Trace.class);
    Bundle input = trace.input();
    FloatSeq dy = dOutput.main();
    int time = input.time();
    FloatSeq dx = new FloatSeq(time, input.batch(), in, context.floats(time * input.batch() * in));
    float[] dSeries = series(time, context);
    for (int b = 0; b < input.batch(); b++) {
      Arrays.fill(dSeries, 0f);
      int window = 0;
      for (int t = 0; t < dy.time(); t++) {
        if (trace.output().real(t, b)) {
          cutBack(dy.data(), dy.at(t, b), window++, dSeries);
        }
      }
      gatherBack(input, b, dSeries, dState, dx);
    }
    return Bundle.of(dx);
  }

  private void cutBack(float[] dy, int at, int window, float[] dSeries) {
    for (int k = 0; k < kernel; k++) {
      int to = (window * stride + k * dilation) * in;
      for (int j = 0; j < in; j++) {
        dSeries[to + j] += dy[at + k * in + j];
      }
    }
  }

  /**
   * The state after is the series' last steps, the state before its first. dState, dx: Modified.
   */
  private void gatherBack(Bundle input, int b, float[] dSeries, StateSlice dState, FloatSeq dx) {
    if (causal()) {
      int last = input.realSteps(b) * in;
      for (int j = 0; j < stateSize(); j++) {
        dSeries[last + j] += dState.data()[dState.row(b) + j];
      }
      System.arraycopy(dSeries, 0, dState.data(), dState.row(b), stateSize());
    }
    int real = 0;
    for (int t = 0; t < input.time(); t++) {
      if (input.real(t, b)) {
        System.arraycopy(dSeries, (before() + real) * in, dx.data(), dx.at(t, b), in);
        real++;
      }
    }
  }
}
