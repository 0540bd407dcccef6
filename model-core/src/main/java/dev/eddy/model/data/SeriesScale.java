package dev.eddy.model.data;

/**
 * The {@link CausalScale} of a series as it stands after each of its readings: in two arrays, or
 * beside the readings where those lie on disk. Threads may share it.
 */
public final class SeriesScale {
  private final double[] means; // [length], null where stored
  private final double[] stds; // [length], null where stored
  private final StoredSeries stored; // null where in memory

  /** The scale of a series in memory. */
  SeriesScale(RawSeries series, int window) {
    this.means = new double[series.length()];
    this.stds = new double[series.length()];
    this.stored = null;
    RunningScale scale = new RunningScale(window);
    for (int t = 0; t < means.length; t++) {
      scale.add(series.value(t));
      means[t] = scale.mean();
      stds[t] = scale.std();
    }
  }

  /** The scale that lies beside the readings. */
  SeriesScale(StoredSeries stored) {
    this.means = null;
    this.stds = null;
    this.stored = stored;
  }

  /** The mean after reading t; 0 before the first that is not missing. */
  public double mean(int t) {
    return stored == null ? means[t] : stored.mean(t);
  }

  /** The standard deviation after reading t, with its floor. */
  public double std(int t) {
    return stored == null ? stds[t] : stored.std(t);
  }
}
