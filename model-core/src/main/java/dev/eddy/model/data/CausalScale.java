package dev.eddy.model.data;

/**
 * The running mean and spread of one series, from its past alone: reading t is included before it
 * is scaled, nothing after it ever is. Three doubles hold everything; they belong to the caller.
 *
 * <pre>
 * n  = min(n + 1, window)            d  = v - mean
 * mean = mean + d / n                S  = keep * S + d * (v - mean)
 * keep = 1 until n reaches the window, then 1 - 1 / window
 * std  = sqrt(S / n), at least a floor
 * </pre>
 *
 * <p>Up to {@code window} readings this is Welford's algorithm (1962), beyond it exponential
 * forgetting with weight {@code 1 / window} (West 1979). Doubles, one order of operations: the same
 * bits everywhere.
 */
public final class CausalScale {
  /**
   * The spread is never taken to be less than this share of the level: a flat series is not blown
   * up to noise.
   */
  private static final double RELATIVE_FLOOR = 1e-6;

  private static final double ABSOLUTE_FLOOR = 1e-12;

  /** A float32 forecast can hold what is no larger. */
  private static final double MAX_VALUE = 1e30;

  private CausalScale() {}

  /**
   * Whether a raw value counts as observed: finite, and of a size that a float32 forecast can hold.
   * All others are missing.
   */
  public static boolean observed(double value) {
    return Math.abs(value) <= MAX_VALUE;
  }

  /** How many readings the mean stands on after one more. */
  public static double count(double count, int window) {
    return Math.min(count + 1, window);
  }

  /**
   * The mean after one more reading.
   *
   * @param count the count after that reading
   * @param mean the mean before it
   * @param value the reading, a finite number
   */
  public static double mean(double count, double mean, double value) {
    return mean + (value - mean) / count;
  }

  /**
   * The sum of squared deviations after one more reading.
   *
   * @param full whether the count had reached the window before that reading
   * @param window readings after which the scale begins to forget
   * @param before the mean before it
   * @param after the mean after it
   * @param squares the sum before it
   * @param value the reading, a finite number
   */
  public static double squares(
      boolean full, int window, double before, double after, double squares, double value) {
    double keep = full ? 1 - 1.0 / window : 1;
    return keep * squares + (value - before) * (value - after);
  }

  /** The standard deviation (population), with its floor. */
  public static double std(double count, double mean, double squares) {
    double floor = RELATIVE_FLOOR * Math.abs(mean) + ABSOLUTE_FLOOR;
    return count < 1 ? floor : Math.max(Math.sqrt(squares / count), floor);
  }
}
