package dev.eddy.model.task.forecast;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.data.SeriesScale;
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
  private final SeriesScale scale;
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
    this.scale = raw.scale(spec.scaleWindow());
    this.firstTarget = Math.max(spec.warmup() - 1, firstObserved(raw));
  }

  private static int firstObserved(RawSeries raw) {
    int t = 0;
    while (t < raw.length() && !ForecastEncoder.observed(raw.value(t))) {
      t++;
    }
    return t;
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
    return scale.mean(t);
  }

  /** The spread by which step t is scaled. */
  double std(int t) {
    return scale.std(t);
  }

  @Override
  public void input(int t, Bundle into, int row, int b) {
    long gap = encoder.gap(t == 0 ? Long.MIN_VALUE : raw.time(t - 1), raw.time(t));
    float scaled = ForecastEncoder.scale(raw.value(t), scale.mean(t), scale.std(t));
    encoder.write(slot(t), gap, scaled, into, row, b);
  }

  @Override
  public void target(int t, float[] into, int offset) {
    Arrays.fill(into, offset, offset + horizon, Float.NaN);
    if (t < firstTarget) {
      return;
    }
    double mean = scale.mean(t);
    double std = scale.std(t);
    long origin = slot(t);
    for (int next = t + 1; next < length(); next++) {
      long ahead = slot(next) - origin;
      if (ahead > horizon) {
        break;
      }
      if (ahead > 0) {
        float scaled = ForecastEncoder.scale(raw.value(next), mean, std);
        into[offset + (int) ahead - 1] =
            Math.max(-MAX_TARGET, Math.min(MAX_TARGET, scaled)); // NaN stays NaN
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
