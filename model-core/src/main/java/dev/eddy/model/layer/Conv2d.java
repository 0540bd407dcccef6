package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * A convolution over the image in every step, inside {@link TimeDistributed}: every pixel of the
 * output is {@code activation(b + window W)} of a square window of the input. Derivation:
 * docs/layers/convolution.md.
 *
 * @param filters channels of the output
 * @param kernel height and width of a window
 * @param stride pixels from one window to the next; 1 if left out
 * @param padding same or valid; valid if left out
 * @param activation what is done to the sum; linear if left out
 */
public record Conv2d(
    int filters, int kernel, Integer stride, Padding padding, Activation activation)
    implements LayerSpec {

  /** Fills in the defaults. */
  public Conv2d {
    stride = stride == null ? 1 : stride;
    padding = padding == null ? Padding.VALID : padding;
    activation = activation == null ? Activation.LINEAR : activation;
    if (filters < 1 || filters > Limits.UNITS) {
      throw new IllegalArgumentException(
          "conv2d: filters must be from 1 to %,d, got %d".formatted(Limits.UNITS, filters));
    }
    Plane.check("conv2d", kernel, stride, padding);
  }

  /** With stride 1, without padding. */
  public static Conv2d valid(int filters, int kernel, Activation activation) {
    return new Conv2d(filters, kernel, null, null, activation);
  }

  @Override
  public String kind() {
    return "conv2d";
  }

  private Plane plane(Shape input) {
    return Plane.of(this, input, kernel, stride, padding);
  }

  @Override
  public Shape outputShape(Shape input) {
    Plane plane = plane(input);
    return Shape.of(new Shape.Image(plane.height(), plane.width(), filters));
  }

  @Override
  public Layer build(Shape input) {
    Plane plane = plane(input);
    long rows = Limits.weights((long) kernel * kernel * plane.image().channels());
    Limits.weights(rows * filters);
    Layer dense = new Dense(filters, activation).build(Shape.of((int) rows));
    return new Built(plane, dense, (int) rows, filters);
  }

  /** Windows as rows, and the same dense map of each. */
  private record Built(Plane plane, Layer dense, int row, int filters) implements Layer {

    @Override
    public List<Param> params() {
      return dense.params();
    }

    @Override
    public int stateSize() {
      return 0;
    }

    @Override
    public boolean causal() {
      return true;
    }

    private int windows() {
      return plane.height() * plane.width();
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      FloatSeq x = input.main();
      int images = x.time() * x.batch();
      int n = Math.multiplyExact(images, windows());
      FloatSeq shown = new FloatSeq(1, n, row, context.floats(Math.multiplyExact(n, row)));
      copy(images, x.data(), shown.data(), false);
      FloatSeq y = dense.forward(params, Bundle.of(shown), state, context).main();
      return context.output(input, windows() * filters, y.data());
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      FloatSeq dy = dOutput.main();
      int images = dy.time() * dy.batch();
      Bundle dRows = Bundle.of(new FloatSeq(1, images * windows(), filters, dy.data()));
      FloatSeq dShown = dense.backward(params, dRows, dState, context, grads).main();
      int width = plane.image().floats();
      float[] dx = context.floats(images * width);
      copy(images, dx, dShown.data(), true);
      return dOutput.onlyMain(new FloatSeq(dy.time(), dy.batch(), width, dx));
    }

    /**
     * From images to windows, or back, where what lies in several adds up. x or shown: Modified.
     */
    private void copy(int images, float[] x, float[] shown, boolean back) {
      int to = 0;
      for (int i = 0; i < images; i++) {
        for (int r = 0; r < plane.height(); r++) {
          for (int c = 0; c < plane.width(); c++) {
            copyWindow(x, i * plane.image().floats(), r, c, shown, to, back);
            to += row;
          }
        }
      }
    }

    private void copyWindow(
        float[] x, int image, int r, int c, float[] shown, int to, boolean back) {
      int channels = plane.image().channels();
      for (int k = 0; k < plane.size() * plane.size(); k++) {
        int pixelRow = plane.first(r) + k / plane.size();
        int pixelColumn = plane.first(c) + k % plane.size();
        if (plane.inside(pixelRow, pixelColumn)) {
          int from = image + plane.at(pixelRow, pixelColumn);
          if (back) {
            add(channels, shown, to + k * channels, x, from);
          } else {
            System.arraycopy(x, from, shown, to + k * channels, channels);
          }
        }
      }
    }

    private static void add(int n, float[] more, int moreAt, float[] sum, int at) {
      for (int j = 0; j < n; j++) {
        sum[at + j] += more[moreAt + j];
      }
    }
  }
}
