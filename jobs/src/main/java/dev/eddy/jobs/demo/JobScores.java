package dev.eddy.jobs.demo;

import dev.eddy.model.task.forecast.Score;

/**
 * What the forecasting job says of itself on its scores topic, summed up: a check on {@link
 * LiveSkill}. Thread-safe.
 */
final class JobScores {
  private long records;
  private long targets;
  private double errors;
  private double covered;

  /** Adds one record of the scores topic. */
  synchronized void add(Score score) {
    if (score.warmup() || score.count() == 0) {
      return;
    }
    records++;
    targets += score.count();
    errors += score.count() * score.mae();
    covered += score.count() * score.covered();
  }

  /** Forecasts scored, warm-up not counted. */
  synchronized long records() {
    return records;
  }

  /** Targets scored. */
  synchronized long targets() {
    return targets;
  }

  /** Mean absolute error of the median over all targets; NaN where there are none. */
  synchronized double mae() {
    return targets == 0 ? Double.NaN : errors / targets;
  }

  /** Share of targets within the outermost quantiles; NaN where there are none. */
  synchronized double coverage() {
    return targets == 0 ? Double.NaN : covered / targets;
  }
}
