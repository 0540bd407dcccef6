package dev.eddy.model.data;

/**
 * The {@link CausalScale} of a series as it stands after each of its readings: in two arrays; or,
 * where the readings lie on disk, beside them, if they were stored with a scale of this window.
 * Threads may share it.
 */
public final class SeriesScale {
  private final double[] means; // [length], null where on disk
  private final double[] stds; // [length], null where on disk
  private final StoredSeries stored; // null where in memory, or of another window
  private final WalkingScale walking; // null where in memory, or stored

  private SeriesScale(double[] means, double[] stds, StoredSeries stored, WalkingScale walking) {
    this.means = means;
    this.stds = stds;
    this.stored = stored;
    this.walking = walking;
  }

  /** The scale of a series in memory. */
  static SeriesScale inMemory(RawSeries series, int window) {
    double[] means = new double[series.length()];
    double[] stds = new double[series.length()];
    RunningScale scale = new RunningScale(window);
    for (int t = 0; t < means.length; t++) {
      scale.add(series.value(t));
      means[t] = scale.mean();
      stds[t] = scale.std();
    }
    return new SeriesScale(means, stds, null, null);
  }

  /** The scale of a series on disk. */
  static SeriesScale onDisk(RawSeries series, StoredSeries stored, int window) {
    return stored.window() == window
        ? new SeriesScale(null, null, stored, null)
        : new SeriesScale(null, null, null, new WalkingScale(series, window));
  }

  /** The mean after reading t; 0 before the first that is not missing. */
  public double mean(int t) {
    if (means != null) {
      return means[t];
    }
    return stored != null ? stored.mean(t) : walking.mean(t);
  }

  /** The standard deviation after reading t, with its floor. */
  public double std(int t) {
    if (stds != null) {
      return stds[t];
    }
    return stored != null ? stored.std(t) : walking.std(t);
  }
}
