package dev.eddy.model.task.forecast;

import dev.eddy.model.data.CausalScale;
import dev.eddy.model.data.RawSeries;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.train.TrainingSeries;
import java.util.Arrays;

/**
 * One entity's history, encoded as serving would encode it reading by reading. Reading t is step t;
 * its target is the values of the H slots of the time grid after its own, scaled as at t.
 */
public final class ForecastSeries implements TrainingSeries {
  /**
   * Scaled targets are kept within this, so that one jump of a flat series does not rule the loss.
   */
  private static final float MAX_TARGET = 50f;

  private final ForecastSpec spec;
  private final ForecastEncoder encoder;
  private final RawSeries raw;
  private final int horizon;
  private final double[] mean; // [length] of the scale after reading t
  private final double[] std; // [length]
  private final int firstTarget; // the first step that has a target

  /**
   * Encodes a series.
   *
   * @param encoder the encoder of that task
   * @param raw what was read. Not copied: it must not grow any more
   */
  public ForecastSeries(ForecastSpec spec, ForecastEncoder encoder, RawSeries raw) {
    this.spec = spec;
    this.encoder = encoder;
    this.raw = raw;
    this.horizon = spec.horizon();
    this.mean = new double[raw.length()];
    this.std = new double[raw.length()];
    ForecastState state = new ForecastState();
    int first = raw.length();
    for (int t = 0; t < raw.length(); t++) {
      Scales.add(state, raw.value(t), spec.scaleWindow());
      mean[t] = state.scaleMean;
      std[t] = CausalScale.std(state.scaleCount, state.scaleMean, state.scaleSquares);
      if (first == raw.length() && t + 1 >= spec.warmup() && state.scaleCount >= 1) {
        first = t;
      }
    }
    this.firstTarget = first;
  }

  @Override
  public String name() {
    return raw.entity();
  }

  @Override
  public int length() {
    return raw.length();
  }

  @Override
  public Shape input() {
    return ForecastEncoder.shape(spec);
  }

  @Override
  public int targetWidth() {
    return horizon;
  }

  /** What was read. */
  public RawSeries raw() {
    return raw;
  }

  /** The slot of the time grid of step t. */
  public long slot(int t) {
    return spec.slot(raw.time(t));
  }

  /** The mean by which step t is scaled. */
  double mean(int t) {
    return mean[t];
  }

  /** The spread by which step t is scaled. */
  double std(int t) {
    return std[t];
  }

  @Override
  public void input(int t, Bundle into, int row, int b) {
    long gap = encoder.gap(t == 0 ? Long.MIN_VALUE : raw.time(t - 1), raw.time(t));
    float scaled = ForecastEncoder.scale(raw.value(t), mean[t], std[t]);
    encoder.write(slot(t), gap, scaled, into, row, b);
  }

  @Override
  public void target(int t, float[] into, int offset) {
    Arrays.fill(into, offset, offset + horizon, Float.NaN);
    if (t < firstTarget) {
      return;
    }
    long origin = slot(t);
    for (int next = t + 1; next < length() && slot(next) - origin <= horizon; next++) {
      int h = (int) (slot(next) - origin) - 1;
      if (h >= 0) {
        float scaled = ForecastEncoder.scale(raw.value(next), mean[t], std[t]);
        into[offset + h] = Math.max(-MAX_TARGET, Math.min(MAX_TARGET, scaled)); // NaN stays NaN
      }
    }
  }

  /** Writes the raw values of the H slots after step t; NaN where missing. into: Modified. */
  void truth(int t, double[] into) {
    Arrays.fill(into, 0, horizon, Double.NaN);
    long origin = slot(t);
    for (int next = t + 1; next < length() && slot(next) - origin <= horizon; next++) {
      int h = (int) (slot(next) - origin) - 1;
      if (h >= 0) {
        into[h] = known(raw.value(next));
      }
    }
  }

  /**
   * Writes the last {@code into.length} slots up to step t's own, oldest first; NaN where missing.
   * Readings after step t are not looked at. into: Modified.
   */
  void past(int t, double[] into) {
    Arrays.fill(into, Double.NaN);
    long oldest = slot(t) - into.length + 1;
    int first = raw.firstAtOrAfter(oldest * spec.stepMillis());
    for (int i = first; i <= t; i++) {
      into[(int) (slot(i) - oldest)] = known(raw.value(i));
    }
  }

  private static double known(double value) {
    return ForecastEncoder.observed(value) ? value : Double.NaN;
  }
}
