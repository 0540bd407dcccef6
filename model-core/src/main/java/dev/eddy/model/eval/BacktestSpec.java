package dev.eddy.model.eval;

import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.train.TrainingSpec;

/**
 * What {@link Backtest} does.
 *
 * @param forecast the task
 * @param training how the model is trained
 * @param train rows to train on, from the first
 * @param validation rows after those: they choose
 * @param test rows after those: scored once
 */
public record BacktestSpec(
    ForecastSpec forecast, TrainingSpec training, int train, int validation, int test) {
  /** Checks that every part holds a whole horizon. */
  public BacktestSpec {
    int horizon = forecast.horizon();
    check("train", train, horizon + forecast.seasons()[0]);
    check("validation", validation, horizon);
    check("test", test, horizon);
  }

  private static void check(String part, int rows, int least) {
    if (rows < least) {
      throw new IllegalArgumentException(
          "evaluation.%s must be at least %d rows, got %d".formatted(part, least, rows));
    }
  }

  /** Rows in all. */
  int rows() {
    return Math.addExact(Math.addExact(train, validation), test);
  }
}
