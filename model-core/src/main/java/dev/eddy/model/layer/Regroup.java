package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * Copies the floats of a sequence into another number of steps: what {@link TimeSubsampling},
 * {@link RepeatVector}, {@link Reshape} and {@link Flatten} have in common. Only real steps are
 * counted and copied; those of a sequence are cut into groups of {@code stride}, and each group
 * gives {@code repeat} steps of output.
 *
 * @param in floats in a step of the input
 * @param stride steps of input that make a group; one that is not full counts as a group too
 * @param join how many steps of a group are copied, side by side; at most stride
 * @param repeat steps of output made of a group
 * @param piece floats copied of each step of input
 * @param shift how much further in the input each of the repeated steps begins to copy
 * @param most real steps a sequence may have: the output then has one step, real for all; 0 for any
 */
record Regroup(int in, int stride, int join, int repeat, int piece, int shift, int most)
    implements Layer {

  private record Trace(Bundle input) {}

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
    return false; // not a step of output for each of the input
  }

  private int out() {
    return join * piece;
  }

  /** Steps of output made of this many real steps of input. */
  private int steps(int real) {
    return most > 0 ? 1 : Math.multiplyExact((real + stride - 1) / stride, repeat);
  }

  @Override
  public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
    FloatSeq x = input.main();
    int batch = x.batch();
    int[] lengths = new int[batch];
    for (int b = 0; b < batch; b++) {
      lengths[b] = steps(checked(input.realSteps(b)));
    }
    int time = steps(x.time());
    int floats = Math.multiplyExact(Math.multiplyExact(time, batch), out());
    FloatSeq y = new FloatSeq(time, batch, out(), context.floats(floats));
    copy(input, x, y, false);
    context.push(new Trace(input));
    return Bundle.of(y)
        .withStarts(input.starts())
        .withLengths(input.allReal() || most > 0 ? null : lengths);
  }

  @Override
  public Bundle backward(
      Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
    Bundle input = context.pop(Trace.class).input();
    int floats = input.time() * input.batch() * in;
    FloatSeq dx = new FloatSeq(input.time(), input.batch(), in, context.floats(floats));
    copy(input, dx, dOutput.main(), true);
    return Bundle.of(dx);
  }

  /** From x to y, or back, where what was copied several times adds up. x or y: Modified. */
  private void copy(Bundle input, FloatSeq x, FloatSeq y, boolean back) {
    for (int b = 0; b < x.batch(); b++) {
      int real = 0;
      for (int t = 0; t < x.time(); t++) {
        if (input.real(t, b)) {
          if (real % stride < join) {
            copyStep(x, x.at(t, b), y, b, real, back);
          }
          real++;
        }
      }
    }
  }

  private void copyStep(FloatSeq x, int from, FloatSeq y, int b, int real, boolean back) {
    for (int r = 0; r < repeat; r++) {
      int to = y.at(real / stride * repeat + r, b) + real % stride * piece;
      for (int j = 0; j < piece; j++) {
        if (back) {
          x.data()[from + r * shift + j] += y.data()[to + j];
        } else {
          y.data()[to + j] = x.data()[from + r * shift + j];
        }
      }
    }
  }

  private int checked(int real) {
    if (most > 0 && real > most) {
      throw new IllegalArgumentException(
          "flatten: takes sequences of at most %d steps, got %d: give it more steps, or cut them"
              .formatted(most, real));
    }
    return real;
  }
}
