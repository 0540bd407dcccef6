package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * One step made of a whole sequence: its last step, or the mean or the largest value over its
 * steps. Only steps that are real count; a sequence without any gives zeros. Derivation:
 * docs/layers/pooling.md.
 *
 * @param mode what is made of the steps
 */
public record Pool(Mode mode) implements LayerSpec {

  /** What is made of the steps. */
  public enum Mode {
    /** The last real step. */
    @JsonProperty("last")
    LAST,
    /** The mean of the real steps. */
    @JsonProperty("mean")
    MEAN,
    /** The largest of the real steps, value by value; of equal ones the first. */
    @JsonProperty("max")
    MAX
  }

  /** Checks that there is a mode. */
  public Pool {
    if (mode == null) {
      throw new IllegalArgumentException("pool: mode must be last, mean or max, got none");
    }
  }

  @Override
  public String kind() {
    return "pool";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(ShapeException.width(this, input, Bundle.MAIN));
  }

  @Override
  public Layer build(Shape input) {
    return new Built(ShapeException.width(this, input, Bundle.MAIN), mode);
  }

  private record Built(int width, Mode mode) implements Layer {
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
      return false;
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      FloatSeq x = input.main();
      float[] y = context.floats(x.batch() * width);
      for (int b = 0; b < x.batch(); b++) {
        switch (mode) {
          case LAST -> last(input, x, b, y);
          case MEAN -> mean(input, x, b, y);
          case MAX -> max(input, x, b, y);
        }
      }
      context.push(new Trace(input));
      return Bundle.of(new FloatSeq(1, x.batch(), width, y)).withStarts(input.starts());
    }

    private void last(Bundle input, FloatSeq x, int b, float[] y) {
      int t = lastReal(input, b);
      if (t >= 0) {
        System.arraycopy(x.data(), x.at(t, b), y, b * width, width);
      }
    }

    private void mean(Bundle input, FloatSeq x, int b, float[] y) {
      int count = input.realSteps(b);
      for (int t = 0; t < x.time(); t++) {
        if (input.real(t, b)) {
          for (int j = 0; j < width; j++) {
            y[b * width + j] += x.data()[x.at(t, b) + j];
          }
        }
      }
      for (int j = 0; j < width && count > 0; j++) {
        y[b * width + j] /= count;
      }
    }

    private void max(Bundle input, FloatSeq x, int b, float[] y) {
      for (int j = 0; j < width; j++) {
        int t = largest(input, x, b, j);
        y[b * width + j] = t < 0 ? 0 : x.data()[x.at(t, b) + j];
      }
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Bundle input = context.pop(Trace.class).input();
      FloatSeq x = input.main();
      float[] dy = dOutput.main().data();
      FloatSeq dx =
          new FloatSeq(x.time(), x.batch(), width, context.floats(x.time() * x.batch() * width));
      for (int b = 0; b < x.batch(); b++) {
        switch (mode) {
          case LAST -> lastBack(input, b, dy, dx);
          case MEAN -> meanBack(input, b, dy, dx);
          case MAX -> maxBack(input, x, b, dy, dx);
        }
      }
      return Bundle.of(dx);
    }

    private void lastBack(Bundle input, int b, float[] dy, FloatSeq dx) {
      int t = lastReal(input, b);
      if (t >= 0) {
        System.arraycopy(dy, b * width, dx.data(), dx.at(t, b), width);
      }
    }

    private void meanBack(Bundle input, int b, float[] dy, FloatSeq dx) {
      int count = input.realSteps(b);
      for (int t = 0; t < dx.time(); t++) {
        if (input.real(t, b)) {
          for (int j = 0; j < width; j++) {
            dx.data()[dx.at(t, b) + j] = dy[b * width + j] / count;
          }
        }
      }
    }

    private void maxBack(Bundle input, FloatSeq x, int b, float[] dy, FloatSeq dx) {
      for (int j = 0; j < width; j++) {
        int t = largest(input, x, b, j);
        if (t >= 0) {
          dx.data()[dx.at(t, b) + j] = dy[b * width + j];
        }
      }
    }

    /** The last real step of sequence b; -1 where there is none. */
    private static int lastReal(Bundle input, int b) {
      int t = input.time() - 1;
      while (t >= 0 && !input.real(t, b)) {
        t--;
      }
      return t;
    }

    /** The first real step of sequence b at which value j is largest; -1 where there is none. */
    private static int largest(Bundle input, FloatSeq x, int b, int j) {
      int best = -1;
      for (int t = 0; t < x.time(); t++) {
        if (input.real(t, b)
            && (best < 0 || x.data()[x.at(t, b) + j] > x.data()[x.at(best, b) + j])) {
          best = t;
        }
      }
      return best;
    }
  }
}
