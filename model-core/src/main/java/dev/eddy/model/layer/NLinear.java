package dev.eddy.model.layer;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;
import java.util.List;

/**
 * A linear forecast of the next steps from a window, made about the window's last value so that the
 * level drops out (NLinear: Zeng, Chen, Zhang and Xu 2023): {@code y = last + b + (window - last)
 * W}. Starts as the seasonal naive forecast. Derivation: docs/layers/nlinear.md.
 *
 * @param units steps ahead: output h is the forecast of step h + 1 after the window's last
 * @param season steps after which the start forecast repeats; 0 starts at the last value, held
 */
public record NLinear(int units, int season) implements LayerSpec {

  /** Checks the numbers. */
  public NLinear {
    if (units < 1 || season < 0) {
      throw new IllegalArgumentException(
          "nlinear: units must be at least 1 and season at least 0, got units=%d season=%d"
              .formatted(units, season));
    }
  }

  @Override
  public String kind() {
    return "nlinear";
  }

  @Override
  public Shape outputShape(Shape input) {
    int window = ShapeException.width(this, input, Bundle.MAIN);
    if (window < season) {
      throw new ShapeException(
          kind(),
          "a season of %d steps needs a window at least as long, got %d: make the lookback longer"
              .formatted(season, window));
    }
    return Shape.of(units);
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    return new Built(input.main(), units, season);
  }

  private record Built(int window, int units, int season) implements Layer {
    private record Trace(FloatSeq deviations) {}

    @Override
    public List<Param> params() {
      return List.of(
          new Param("W", window, units, this::seasonalNaive),
          new Param("b", 1, units, Inits.constant(0)));
    }

    /**
     * Weight 1 from the window's value that lies whole seasons before the step that is forecast.
     */
    private void seasonalNaive(float[] w, int offset, int rows, int columns, Rng rng) {
      Arrays.fill(w, offset, offset + rows * columns, 0f);
      for (int h = 0; h < columns && season > 0; h++) {
        int from = rows - season + h % season;
        w[offset + from * columns + h] = 1f;
      }
    }

    @Override
    public int stateSize() {
      return 0;
    }

    @Override
    public boolean causal() {
      return true;
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      FloatSeq x = input.main();
      int rows = x.time() * x.batch();
      float[] deviations = context.floats(rows * window);
      float[] y = context.floats(rows * units);
      Products.fillRows(rows, units, params.sub(window * units, units), y);
      for (int r = 0; r < rows; r++) {
        float last = x.data()[(r + 1) * window - 1];
        for (int i = r * window; i < (r + 1) * window; i++) {
          deviations[i] = x.data()[i] - last;
        }
        for (int h = r * units; h < (r + 1) * units; h++) {
          y[h] += last;
        }
      }
      Slice weights = params.sub(0, window * units);
      Products.addTimes(context.kernels(), rows, window, units, deviations, weights, y);
      context.push(new Trace(new FloatSeq(x.time(), x.batch(), window, deviations)));
      return context.output(input, units, y);
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      FloatSeq deviations = context.pop(Trace.class).deviations();
      int rows = deviations.time() * deviations.batch();
      float[] dy = dOutput.main().data();
      Slice dW = grads.sub(0, window * units);
      Products.addWeightGradient(context.kernels(), rows, window, units, deviations.data(), dy, dW);
      Products.addBiasGradient(
          context.kernels(), rows, units, dy, grads.sub(window * units, units));
      float[] dx =
          Products.inputGradient(rows, window, units, dy, params.sub(0, window * units), context);
      for (int r = 0; r < rows; r++) {
        float dLast = 0;
        for (int h = r * units; h < (r + 1) * units; h++) {
          dLast += dy[h];
        }
        for (int i = r * window; i < (r + 1) * window; i++) {
          dLast -= dx[i];
        }
        dx[(r + 1) * window - 1] += dLast;
      }
      return dOutput.onlyMain(new FloatSeq(deviations.time(), deviations.batch(), window, dx));
    }
  }
}
