package dev.eddy.jobs.demo;

import com.fasterxml.jackson.databind.JsonNode;

/** What the forecasting job says of itself on its scores topic, summed up: a check on {@link LiveSkill}. Thread-safe. */
final class JobScores {
  private long records;
  private long targets;
  private double errors;
  private double covered;

  /** Adds one record of the scores topic. */
  synchronized void add(JsonNode json) {
    if (json.path("warmup").asBoolean() || json.path("count").asLong() == 0) {
      return;
    }
    long count = json.path("count").asLong();
    records++;
    targets += count;
    errors += count * json.path("mae").asDouble();
    covered += count * json.path("covered").asDouble();
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
