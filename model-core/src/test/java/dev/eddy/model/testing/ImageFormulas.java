package dev.eddy.model.testing;

import dev.eddy.model.layer.Conv2d;
import dev.eddy.model.layer.MaxPool2d;
import dev.eddy.model.layer.Padding;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.TimeDistributed;
import dev.eddy.model.testing.Tape.Var;
import java.util.Arrays;
import java.util.Map;

/**
 * The oracle's formulas of layers over images. A pixel's channel c is {@code image[row][col][c]}.
 */
final class ImageFormulas {
  private ImageFormulas() {}

  static void register() {
    Oracle.formula(TimeDistributed.class, ImageFormulas::timeDistributed);
    Oracle.formula(Conv2d.class, ImageFormulas::conv2d);
    Oracle.formula(MaxPool2d.class, ImageFormulas::maxPool2d);
  }

  private static Var[][] timeDistributed(
      Oracle oracle, TimeDistributed spec, Map<String, Var[][]> input) {
    oracle.image(new Shape.Image(spec.height(), spec.width(), spec.channels()));
    return oracle.apply(new Sequential(spec.layers()), input);
  }

  private static Var[][] conv2d(Oracle oracle, Conv2d spec, Map<String, Var[][]> input) {
    Shape.Image in = oracle.image();
    int channels = in.channels();
    int out = spec.filters();
    Var[] w = oracle.weights(spec.kernel() * spec.kernel() * channels * out);
    Var[] b = oracle.weights(out);
    oracle.image(
        new Shape.Image(
            steps(in.height(), spec.kernel(), spec.stride(), spec.padding()),
            steps(in.width(), spec.kernel(), spec.stride(), spec.padding()),
            out));
    Shape.Image to = oracle.image();
    return BasicFormulas.each(
        input.get("x"),
        flat -> {
          Var[][][] x = image(flat, in);
          Var[][][] y = new Var[to.height()][to.width()][out];
          for (int row = 0; row < to.height(); row++) {
            for (int col = 0; col < to.width(); col++) {
              for (int j = 0; j < out; j++) {
                y[row][col][j] = pixel(oracle.tape(), spec, x, w, b[j], row, col, j);
              }
              y[row][col] = BasicFormulas.activation(oracle.tape(), spec.activation(), y[row][col]);
            }
          }
          return flat(y);
        });
  }

  /** sum + the window at (row, col) times the weights of filter j. */
  private static Var pixel(
      Tape tape, Conv2d spec, Var[][][] x, Var[] w, Var start, int row, int col, int j) {
    int n = spec.kernel();
    int edge = spec.padding() == Padding.SAME ? (n - 1) / 2 : 0;
    int block = x[0][0].length * spec.filters();
    Var sum = start;
    for (int dr = 0; dr < n; dr++) {
      for (int dc = 0; dc < n; dc++) {
        int r = row * spec.stride() + dr - edge;
        int c = col * spec.stride() + dc - edge;
        if (r >= 0 && c >= 0 && r < x.length && c < x[0].length) {
          int at = (dr * n + dc) * block;
          Var[] ofPixel = Arrays.copyOfRange(w, at, at + block);
          sum = tape.affine(sum, x[r][c], ofPixel, spec.filters(), j);
        }
      }
    }
    return sum;
  }

  private static Var[][] maxPool2d(Oracle oracle, MaxPool2d spec, Map<String, Var[][]> input) {
    Shape.Image in = oracle.image();
    oracle.image(
        new Shape.Image(
            steps(in.height(), spec.size(), spec.stride(), spec.padding()),
            steps(in.width(), spec.size(), spec.stride(), spec.padding()),
            in.channels()));
    Shape.Image to = oracle.image();
    int edge = spec.padding() == Padding.SAME ? (spec.size() - 1) / 2 : 0;
    return BasicFormulas.each(
        input.get("x"),
        flat -> {
          Var[][][] x = image(flat, in);
          Var[][][] y = new Var[to.height()][to.width()][to.channels()];
          for (int r = 0; r < in.height(); r++) {
            for (int c = 0; c < in.width(); c++) {
              for (int row = 0; row < to.height(); row++) {
                for (int col = 0; col < to.width(); col++) {
                  int dr = r - row * spec.stride() + edge;
                  int dc = c - col * spec.stride() + edge;
                  if (dr >= 0 && dc >= 0 && dr < spec.size() && dc < spec.size()) {
                    larger(y[row][col], x[r][c]);
                  }
                }
              }
            }
          }
          return flat(y);
        });
  }

  private static void larger(Var[] best, Var[] pixel) {
    for (int j = 0; j < pixel.length; j++) {
      best[j] = best[j] == null || pixel[j].value() > best[j].value() ? pixel[j] : best[j];
    }
  }

  /** How many windows begin within n pixels, counted one by one. */
  private static int steps(int n, int size, int stride, Padding padding) {
    int count = 0;
    for (int at = 0; padding == Padding.SAME ? at < n : at + size <= n; at += stride) {
      count++;
    }
    return count;
  }

  private static Var[][][] image(Var[] flat, Shape.Image shape) {
    Var[][][] x = new Var[shape.height()][shape.width()][shape.channels()];
    for (int i = 0; i < flat.length; i++) {
      int pixel = i / shape.channels();
      x[pixel / shape.width()][pixel % shape.width()][i % shape.channels()] = flat[i];
    }
    return x;
  }

  private static Var[] flat(Var[][][] y) {
    return Arrays.stream(y)
        .flatMap(row -> Arrays.stream(row).flatMap(Arrays::stream))
        .toArray(Var[]::new);
  }
}
