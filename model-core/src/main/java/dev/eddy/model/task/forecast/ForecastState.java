package dev.eddy.model.task.forecast;

/**
 * Everything that must be remembered of one entity to go on forecasting it, apart from the ring of
 * its last raw readings and its pending forecasts, which lie beside it (one slot of each is written
 * per event). Plain mutable data: a keyed operator keeps one per key, a test keeps a map of them.
 * Made by {@link Forecaster#newState()}.
 */
public final class ForecastState {
  /** Version of the weights that made {@link #hidden}. */
  public int modelVersion;

  /** Swap epoch of the weights that made {@link #hidden}. */
  public long swapEpoch;

  /**
   * {@link dev.eddy.model.net.Network#architectureHash()} of the network that made {@link #hidden}.
   */
  public long architecture;

  /** Readings applied so far. */
  public long step;

  /**
   * Event time of the last applied reading, epoch milliseconds; Long.MIN_VALUE before the first.
   */
  public long lastTime = Long.MIN_VALUE;

  /** Causal scale over all applied readings. */
  public double scaleCount;

  /** Running mean. */
  public double scaleMean;

  /** Running sum of squared deviations, forgetting like the mean. */
  public double scaleSquares;

  /**
   * Readings before the base: a re-warm starts there and replays readings {@code baseStep} to
   * {@code step - 1}, at most as many as the ring holds. Moves on when the ring pushes a reading
   * out, and to now when the state is reset.
   */
  public long baseStep;

  /** Time of the last reading before the base. */
  public long baseTime = Long.MIN_VALUE;

  /** {@link #scaleCount} at the base. */
  public double baseCount;

  /** {@link #scaleMean} at the base. */
  public double baseMean;

  /** {@link #scaleSquares} at the base. */
  public double baseSquares;

  /** The network's state, {@code [stateSize]}. */
  public float[] hidden;

  /**
   * Raw values by slot of the time grid (time / step mod length), NaN where missing: what scores
   * and baselines need.
   */
  public double[] recent;
}
