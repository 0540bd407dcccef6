package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * The largest value of each channel within square windows of the image in every step, inside {@link
 * TimeDistributed}. Of equal ones the first counts, row by row; what lies beyond the edges never
 * does. docs/layers/convolution.md.
 *
 * @param size height and width of a window
 * @param stride pixels from one window to the next; the size if left out
 * @param padding same or valid; valid if left out
 */
public record MaxPool2d(int size, Integer stride, Padding padding) implements LayerSpec {

  /** Fills in the defaults. */
  public MaxPool2d {
    stride = stride == null ? size : stride;
    padding = padding == null ? Padding.VALID : padding;
    Plane.check("max-pool2d", size, stride, padding);
  }

  /** Windows side by side. */
  public static MaxPool2d of(int size) {
    return new MaxPool2d(size, null, null);
  }

  @Override
  public String kind() {
    return "max-pool2d";
  }

  @Override
  public Shape outputShape(Shape input) {
    Plane plane = Plane.of(this, input, size, stride, padding);
    return Shape.of(new Shape.Image(plane.height(), plane.width(), plane.image().channels()));
  }

  @Override
  public Layer build(Shape input) {
    return new Built(Plane.of(this, input, size, stride, padding));
  }

  private record Built(Plane plane) implements Layer {
    private record Trace(FloatSeq x) {}

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

    private int out() {
      return plane.height() * plane.width() * plane.image().channels();
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      FloatSeq x = input.main();
      int images = x.time() * x.batch();
      float[] y = context.floats(images * out());
      for (int i = 0; i < images; i++) {
        for (int j = 0; j < out(); j++) {
          y[i * out() + j] = x.data()[largest(x.data(), i * x.width(), j)];
        }
      }
      context.push(new Trace(x));
      return context.output(input, out(), y);
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      FloatSeq x = context.pop(Trace.class).x();
      int images = x.time() * x.batch();
      float[] dy = dOutput.main().data();
      float[] dx = context.floats(images * x.width());
      for (int i = 0; i < images; i++) {
        for (int j = 0; j < out(); j++) {
          dx[largest(x.data(), i * x.width(), j)] += dy[i * out() + j];
        }
      }
      return dOutput.onlyMain(new FloatSeq(x.time(), x.batch(), x.width(), dx));
    }

    /** Where the value lies that output j of the image beginning at {@code image} copies. */
    private int largest(float[] x, int image, int j) {
      int channels = plane.image().channels();
      int window = j / channels;
      int top = plane.first(window / plane.width());
      int left = plane.first(window % plane.width());
      int bottom = Math.min(top + plane.size(), plane.image().height());
      int right = Math.min(left + plane.size(), plane.image().width());
      int best = -1;
      for (int row = Math.max(top, 0); row < bottom; row++) {
        for (int column = Math.max(left, 0); column < right; column++) {
          int at = image + plane.at(row, column) + j % channels;
          best = best < 0 || x[at] > x[best] ? at : best;
        }
      }
      return best;
    }
  }
}
