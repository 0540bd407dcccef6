package dev.eddy.model.task.forecast;

import dev.eddy.model.data.CausalScale;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Map;

/**
 * What the network sees of a reading: the one place where readings become inputs, for training and
 * for serving.
 *
 * <pre>
 * part "x"       [scaled value, observed, log-gap, sin, cos of the phase in season 1, sin, cos ... 2, ...]
 * part "series"  [scaled value, observed, gap in steps]
 * </pre>
 *
 * <p>A missing value is 0 with observed 0. The log-gap is {@code ln((1 + gap) / 2)}: 0 for a
 * reading that comes one step after the last, as it should. Immutable; threads may share it.
 */
public final class ForecastEncoder {
  /** The name of the part that skip paths read. */
  public static final String SERIES = "series";

  /** Floats in a step of part {@link #SERIES}. */
  public static final int SERIES_WIDTH = 3;

  private static final int PLAIN = 3;
  private static final long MAX_GAP = 1 << 24; // whole numbers are exact in float32 up to here

  private final ForecastSpec spec;
  private final int[] seasons; // [S]
  private final float[][] phases; // [S][season][2]: sine, cosine

  /** An encoder for a task. */
  public ForecastEncoder(ForecastSpec spec) {
    this.spec = spec;
    this.seasons = spec.seasons();
    this.phases = new float[seasons.length][];
    for (int s = 0; s < seasons.length; s++) {
      phases[s] = phases(seasons[s]);
    }
  }

  private static float[] phases(int season) {
    float[] table = new float[2 * season];
    for (int i = 0; i < season; i++) {
      double angle = 2 * StrictMath.PI * i / season;
      table[2 * i] = (float) StrictMath.sin(angle);
      table[2 * i + 1] = (float) StrictMath.cos(angle);
    }
    return table;
  }

  /** The widths of the parts that the encoder of a task writes. */
  public static Shape shape(ForecastSpec spec) {
    return new Shape(Map.of("x", PLAIN + 2 * spec.seasons().length, SERIES, SERIES_WIDTH));
  }

  /** Floats in a step of part "x". */
  public int width() {
    return PLAIN + 2 * seasons.length;
  }

  /**
   * The steps from the last applied reading to this one: 0 for the same slot of the grid, 1 for the
   * next. An entity's first reading counts as the next one.
   *
   * @param lastTime time of the last applied reading; Long.MIN_VALUE before the first
   */
  public long gap(long lastTime, long time) {
    return lastTime == Long.MIN_VALUE ? 1 : spec.slot(time) - spec.slot(lastTime);
  }

  /** Whether a raw value counts as observed, see {@link CausalScale#observed}. */
  public static boolean observed(double value) {
    return CausalScale.observed(value);
  }

  /** A raw value in scaled units; NaN where it is missing. */
  static float scale(double value, double mean, double std) {
    return observed(value) ? (float) ((value - mean) / std) : Float.NaN;
  }

  /**
   * Writes the inputs of one step into row (t, b) of the bundle's parts.
   *
   * @param slot the reading's slot of the time grid
   * @param gap see {@link #gap}
   * @param scaled the scaled value, the reading itself included in the scale; NaN where it is
   *     missing
   * @param into parts "x" and "series". Modified
   */
  void write(long slot, long gap, float scaled, Bundle into, int t, int b) {
    boolean observed = !Float.isNaN(scaled);
    FloatSeq main = into.main();
    float[] x = main.data();
    int at = main.at(t, b);
    x[at] = observed ? scaled : 0f;
    x[at + 1] = observed ? 1f : 0f;
    x[at + 2] = gap == 1 ? 0f : (float) StrictMath.log((1.0 + gap) / 2);
    for (int s = 0; s < seasons.length; s++) {
      int phase = 2 * (int) Math.floorMod(slot, (long) seasons[s]);
      x[at + PLAIN + 2 * s] = phases[s][phase];
      x[at + PLAIN + 2 * s + 1] = phases[s][phase + 1];
    }
    FloatSeq skip = into.floats(SERIES);
    int to = skip.at(t, b);
    skip.data()[to] = observed ? scaled : 0f;
    skip.data()[to + 1] = observed ? 1f : 0f;
    skip.data()[to + 2] = (float) Math.min(gap, MAX_GAP);
  }
}
