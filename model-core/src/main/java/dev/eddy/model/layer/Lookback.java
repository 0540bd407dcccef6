package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * A window on the last values of a series, as a causal layer whose state is the window: networks
 * over windows stream too, at 4 bytes per step of window and entity. Reads part {@value #PART} and
 * gives the window, oldest first.
 *
 * <p>A step moves the window on by its gap. A slot that was skipped, and a value not observed, are
 * stood in by the value one season before; a gap of 0 (another reading of the same time) overwrites
 * the newest slot. Linear in the values; observed flags and gaps are no part of the derivative.
 * docs/layers/lookback.md.
 *
 * @param length values in the window
 * @param season how far back the stand-in lies, at most {@code length}; 0 for the last value
 */
public record Lookback(int length, int season) implements LayerSpec {
  /** The input part: {@code [value, observed 0 or 1, gap in steps]}. */
  public static final String PART = "series";

  private static final int PART_WIDTH = 3;

  /** Checks the numbers. */
  public Lookback {
    if (length < 1 || length > Limits.STATE || season < 0 || season > length) {
      throw new IllegalArgumentException(
          "lookback: length must be from 1 to %,d and season from 0 to length, got length=%d season=%d"
              .formatted(Limits.STATE, length, season));
    }
  }

  @Override
  public String kind() {
    return "lookback";
  }

  @Override
  public Shape outputShape(Shape input) {
    int width = ShapeException.width(this, input, PART);
    if (width != PART_WIDTH) {
      throw new ShapeException(
          kind(),
          "part '%s' must be [value, observed, gap] (width 3), got width %d"
              .formatted(PART, width));
    }
    return Shape.of(length);
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    return new Built(length, Math.max(season, 1));
  }

  private record Built(int length, int season) implements Layer {
    private record Trace(Bundle input) {}

    @Override
    public List<Param> params() {
      return List.of();
    }

    @Override
    public int stateSize() {
      return length;
    }

    @Override
    public boolean causal() {
      return true;
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      FloatSeq series = input.floats(PART);
      float[] output = context.floats(series.time() * series.batch() * length);
      float[] window = state.data();
      for (int t = 0; t < series.time(); t++) {
        for (int b = 0; b < series.batch(); b++) {
          if (input.real(t, b)) {
            int at = series.at(t, b);
            int row = state.row(b);
            move(window, row, series.data(), at);
            int to = (t * series.batch() + b) * length;
            System.arraycopy(window, row, output, to, length);
          }
        }
      }
      context.push(new Trace(input));
      return context.output(input, length, output);
    }

    /** One step of one window. window: Modified. */
    private void move(float[] window, int row, float[] series, int at) {
      boolean observed = series[at + 1] >= 0.5f;
      int newest = row + length - 1;
      for (int shift = shifts(series[at + 2]); shift > 0; shift--) {
        float standIn = window[row + length - season];
        System.arraycopy(window, row + 1, window, row, length - 1);
        window[newest] = standIn;
      }
      if (observed) {
        window[newest] = series[at];
      }
    }

    /**
     * After {@code length} shifts all slots repeat the last season: whole seasons more change
     * nothing.
     */
    private int shifts(float gap) {
      int steps = (int) gap; // NaN gives 0
      return steps <= length ? Math.max(steps, 0) : length + (steps - length) % season;
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Bundle input = context.pop(Trace.class).input();
      FloatSeq series = input.floats(PART);
      int batch = series.batch();
      float[] dy = dOutput.main().data();
      float[] dSeries = context.floats(series.time() * batch * PART_WIDTH);
      float[] dWindows = dState.data();
      for (int t = series.time() - 1; t >= 0; t--) {
        for (int b = 0; b < batch; b++) {
          if (input.real(t, b)) {
            int from = (t * batch + b) * length;
            int row = dState.row(b);
            for (int j = 0; j < length; j++) {
              dWindows[row + j] += dy[from + j];
            }
            moveBack(dWindows, row, series.data(), series.at(t, b), dSeries);
          }
        }
      }
      return Bundle.of(PART, new FloatSeq(series.time(), batch, PART_WIDTH, dSeries));
    }

    /**
     * Undoes {@link #move}: what the newest slot's gradient belongs to. dWindow, dSeries: Modified.
     */
    private void moveBack(float[] dWindow, int row, float[] series, int at, float[] dSeries) {
      int newest = row + length - 1;
      if (series[at + 1] >= 0.5f) {
        dSeries[at] += dWindow[newest];
        dWindow[newest] = 0f;
      }
      for (int shift = shifts(series[at + 2]); shift > 0; shift--) {
        float dStandIn = dWindow[newest];
        System.arraycopy(dWindow, row, dWindow, row + 1, length - 1);
        dWindow[row] = 0f;
        dWindow[row + length - season] += dStandIn;
      }
    }
  }
}
