package dev.eddy.model.eval;

/**
 * Errors of forecasts, added up one value at a time: squared and absolute error, and where the
 * forecast has levels, coverage and quantile loss. A truth that is NaN is not counted. Not
 * thread-safe.
 */
public final class ErrorSum {
  private long count;
  private double squares;
  private double absolutes;
  private long intervals;
  private long covered;
  private double pinball;

  /** Adds one forecast of one value. */
  public void add(double forecast, double truth) {
    if (Double.isNaN(truth)) {
      return;
    }
    double error = forecast - truth;
    count++;
    squares += error * error;
    absolutes += Math.abs(error);
  }

  /**
   * Adds one forecast of one value by its quantiles, whose median is the point forecast.
   *
   * @param quantiles ascending, {@code [Q]} from {@code at}. Not modified
   * @param at where they begin
   * @param levels their levels, {@code [Q]}. Not modified
   * @param median which of them is 0.5
   * @param truth what came; NaN where missing
   */
  public void add(double[] quantiles, int at, double[] levels, int median, double truth) {
    if (Double.isNaN(truth)) {
      return;
    }
    add(quantiles[at + median], truth);
    intervals++;
    if (truth >= quantiles[at] && truth <= quantiles[at + levels.length - 1]) {
      covered++;
    }
    double loss = 0;
    for (int q = 0; q < levels.length; q++) {
      double over = truth - quantiles[at + q];
      loss += Math.max(levels[q] * over, (levels[q] - 1) * over);
    }
    pinball += loss / levels.length;
  }

  /** Values counted. */
  public long count() {
    return count;
  }

  /** Mean squared error; NaN where nothing was counted. */
  public double mse() {
    return squares / count;
  }

  /** Mean absolute error; NaN where nothing was counted. */
  public double mae() {
    return absolutes / count;
  }

  /**
   * Mean absolute scaled error (Hyndman and Koehler 2006).
   *
   * @param scale the mean absolute error of the seasonal naive on the training part, above 0
   */
  public double mase(double scale) {
    return mae() / scale;
  }

  /** Share of truths within the outermost quantiles; NaN where no forecast had any. */
  public double coverage() {
    return intervals == 0 ? Double.NaN : (double) covered / intervals;
  }

  /** Mean quantile loss over the levels; NaN where no forecast had any. */
  public double pinball() {
    return intervals == 0 ? Double.NaN : pinball / intervals;
  }
}
