package dev.eddy.model.eval;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.task.forecast.ForecastEncoder;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.util.Arrays;
import java.util.List;

/**
 * Series on a common grid of time: row 0 is the earliest slot of all, each row is one step. Values
 * are z-scored by mean and population standard deviation of the entity's training rows.
 */
final class Grid {
  private final List<RawSeries> series;
  private final long first; // slot of row 0
  private final double[][] z; // [entity][row], NaN where missing
  private final double[] mean; // [entity]
  private final double[] std; // [entity]

  /**
   * A grid.
   *
   * @param rows rows that are looked at
   * @param train rows of them that scale
   * @throws IllegalArgumentException if the series span fewer rows, or one has no value to train on
   */
  Grid(ForecastSpec task, List<RawSeries> series, int rows, int train) {
    this.series = series;
    List<RawSeries> filled = series.stream().filter(one -> one.length() > 0).toList();
    if (filled.isEmpty()) {
      throw new IllegalArgumentException("no readings to evaluate on");
    }
    this.first = filled.stream().mapToLong(one -> task.slot(one.time(0))).min().orElseThrow();
    long last =
        filled.stream().mapToLong(one -> task.slot(one.time(one.length() - 1))).max().orElseThrow();
    if (last - first + 1 < rows) {
      throw new IllegalArgumentException(
          "evaluation takes %d rows (train + validation + test), the data spans %d steps of %d ms"
              .formatted(rows, last - first + 1, task.stepMillis()));
    }
    z = new double[series.size()][rows];
    mean = new double[series.size()];
    std = new double[series.size()];
    for (int e = 0; e < z.length; e++) {
      fill(task, e, rows);
      scale(e, train);
    }
  }

  private void fill(ForecastSpec task, int e, int rows) {
    Arrays.fill(z[e], Double.NaN);
    RawSeries one = series.get(e);
    for (int t = 0; t < one.length() && task.slot(one.time(t)) - first < rows; t++) {
      double value = one.value(t);
      z[e][(int) (task.slot(one.time(t)) - first)] =
          ForecastEncoder.observed(value) ? value : Double.NaN;
    }
  }

  private void scale(int e, int train) {
    double[] known = Arrays.stream(z[e], 0, train).filter(v -> !Double.isNaN(v)).toArray();
    if (known.length == 0) {
      throw new IllegalArgumentException(
          "series '%s' has no value in the %d training rows"
              .formatted(series.get(e).entity(), train));
    }
    double sum = 0;
    for (double value : known) {
      sum += value;
    }
    mean[e] = sum / known.length;
    double squares = 0;
    for (double value : known) {
      squares += (value - mean[e]) * (value - mean[e]);
    }
    double spread = Math.sqrt(squares / known.length);
    std[e] = spread > 0 ? spread : 1; // a constant column stays at 0
    for (int row = 0; row < z[e].length; row++) {
      z[e][row] = scaled(e, z[e][row]);
    }
  }

  /** A raw value of an entity, z-scored. */
  double scaled(int e, double value) {
    return (value - mean[e]) / std[e];
  }

  /** How many entities. */
  int entities() {
    return z.length;
  }

  /** How many rows. */
  int rows() {
    return z[0].length;
  }

  /** The z-scored value; NaN where missing. */
  double at(int e, int row) {
    return z[e][row];
  }

  /** Whether an entity has a value at this row: forecasts are made and scored there. */
  boolean known(int e, int row) {
    return !Double.isNaN(z[e][row]);
  }

  /** The row of a slot of the time grid. */
  long row(long slot) {
    return slot - first;
  }

  /** The slot of a row. */
  long slot(long row) {
    return first + row;
  }

  /** The readings of an entity. */
  RawSeries series(int e) {
    return series.get(e);
  }

  /** The last value known at or before a row; 0 (the mean) where there is none. */
  double held(int e, int row) {
    for (int r = row; r >= 0; r--) {
      if (known(e, r)) {
        return z[e][r];
      }
    }
    return 0;
  }
}
