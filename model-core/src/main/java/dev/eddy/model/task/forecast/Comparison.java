package dev.eddy.model.task.forecast;

import java.util.Arrays;

/**
 * Holds one forecast against the truth, beside the baselines made at the same origin: the one place
 * where errors are counted, for live scores and for the gate. Sums over the steps whose truth is
 * known and for which every baseline can speak. Keeps its buffers: one per thread.
 */
final class Comparison {
  private final int horizon;
  private final double[] levels; // [Q]
  private final int median;
  private final int[] seasons; // [S]

  /** Truth of the H slots after the origin, NaN where not known: to be filled in by the caller. */
  final double[] truth;

  /**
   * The slots up to the origin, oldest first, as many as the longest season: to be filled in by the
   * caller.
   */
  final double[] past;

  /** Steps compared. */
  int count;

  /** Absolute errors of the median. */
  double model;

  /** Absolute errors of the last value held. */
  double last;

  /** Absolute errors of the seasonal naive, by season. */
  final double[] season;

  /** How many truths lay within the outermost quantiles. */
  double covered;

  /** Quantile loss, mean over the levels. */
  double pinball;

  Comparison(ForecastSpec spec) {
    this(spec, spec);
  }

  /**
   * Compares with the baselines of one task the forecasts of another's quantiles, horizon and step
   * being the same.
   */
  Comparison(ForecastSpec spec, ForecastSpec forecast) {
    horizon = spec.horizon();
    levels = forecast.quantiles();
    median = forecast.median();
    seasons = spec.seasons();
    truth = new double[horizon];
    past = new double[spec.longestSeason()];
    season = new double[seasons.length];
  }

  /** Sums up the errors of a forecast, {@code [H][Q]} from {@code at}. */
  void run(float[] quantiles, int at) {
    count = 0;
    model = 0;
    last = 0;
    covered = 0;
    pinball = 0;
    Arrays.fill(season, 0);
    double held = lastKnown();
    for (int h = 0; h < horizon; h++) {
      if (!Double.isNaN(truth[h]) && !Double.isNaN(held) && seasonsSpeak(h)) {
        add(h, held, quantiles, at + h * levels.length);
      }
    }
  }

  private void add(int h, double held, float[] quantiles, int at) {
    double y = truth[h];
    count++;
    model += Math.abs(quantiles[at + median] - y);
    last += Math.abs(held - y);
    for (int s = 0; s < seasons.length; s++) {
      season[s] += Math.abs(naive(s, h) - y);
    }
    if (y >= quantiles[at] && y <= quantiles[at + levels.length - 1]) {
      covered++;
    }
    double loss = 0;
    for (int q = 0; q < levels.length; q++) {
      double over = y - quantiles[at + q];
      loss += Math.max(levels[q] * over, (levels[q] - 1) * over);
    }
    pinball += loss / levels.length;
  }

  /** The value whole seasons before step h of the horizon; the newest such. */
  private double naive(int s, int h) {
    return past[past.length - seasons[s] + h % seasons[s]];
  }

  private boolean seasonsSpeak(int h) {
    for (int s = 0; s < seasons.length; s++) {
      if (Double.isNaN(naive(s, h))) {
        return false;
      }
    }
    return true;
  }

  private double lastKnown() {
    for (int i = past.length - 1; i >= 0; i--) {
      if (!Double.isNaN(past[i])) {
        return past[i];
      }
    }
    return Double.NaN;
  }
}
