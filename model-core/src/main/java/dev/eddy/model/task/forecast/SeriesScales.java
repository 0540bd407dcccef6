package dev.eddy.model.task.forecast;

import dev.eddy.model.data.RawSeries;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * By what an entity's errors are divided to be comparable with another's: the mean absolute
 * difference of values one (first) season apart, over the training stretch (Hyndman and Koehler
 * 2006). Where that is zero or unknown, of values one step apart.
 */
final class SeriesScales {
  private final ForecastSpec task;
  private final long end;
  private final Map<String, Double> known = new ConcurrentHashMap<>();

  /**
   * Scales of a task.
   *
   * @param end where the training stretch ends, epoch milliseconds, exclusive
   */
  SeriesScales(ForecastSpec task, long end) {
    this.task = task;
    this.end = end;
  }

  /** The scale of a series, above 0; NaN where it is constant, or has too few values to tell. */
  double of(RawSeries series) {
    return known.computeIfAbsent(series.entity(), entity -> compute(series));
  }

  private double compute(RawSeries series) {
    double seasonal = meanDifference(series, task.seasons()[0]);
    double scale = seasonal > 0 ? seasonal : meanDifference(series, 1);
    return scale > 0 && scale < Double.POSITIVE_INFINITY ? scale : Double.NaN;
  }

  private double meanDifference(RawSeries series, int lag) {
    double sum = 0;
    long count = 0;
    int before = 0;
    for (int t = 0; t < series.length() && series.time(t) < end; t++) {
      long wanted = task.slot(series.time(t)) - lag;
      while (task.slot(series.time(before)) < wanted) {
        before++;
      }
      double difference = Math.abs(series.value(t) - series.value(before));
      if (task.slot(series.time(before)) == wanted && ForecastEncoder.observed(difference)) {
        sum += difference;
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }
}
