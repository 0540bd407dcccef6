package dev.eddy.model.task.forecast;

/**
 * Everything that must be remembered of one entity to go on forecasting it, apart from the ring of its last raw
 * readings and its pending forecasts, which lie beside it (one slot of each is written per event). Plain mutable data:
 * a keyed operator keeps one per key, a test keeps a map of them. Made by {@link Forecaster#newState()}.
 */
public final class ForecastState {
  /** Version of the weights that made {@link #hidden}. */
  public int modelVersion;

  /** Swap epoch of the weights that made {@link #hidden}. */
  public long swapEpoch;

  /** {@link dev.eddy.model.net.Network#architectureHash()} of the network that made {@link #hidden}. */
  public long architecture;

  /** Readings applied so far. */
  public long step;

  /** Event time of the last applied reading, epoch milliseconds; Long.MIN_VALUE before the first. */
  public long lastTime = Long.MIN_VALUE;

  /** Causal scale over all applied readings. */
  public double scaleCount;

  /** Running mean. */
  public double scaleMean;

  /** Running sum of squared deviations, forgetting like the mean. */
  public double scaleSquares;

  /** The same three, and the time, as they were before the ring's oldest reading: where a re-warm starts. */
  public long baseTime = Long.MIN_VALUE;

  /** See {@link #baseTime}. */
  public double baseCount;

  /** See {@link #baseTime}. */
  public double baseMean;

  /** See {@link #baseTime}. */
  public double baseSquares;

  /** The network's state, {@code [stateSize]}. */
  public float[] hidden;

  /** Raw values by slot of the time grid (time / step mod length), NaN where missing: what scores and baselines need. */
  public double[] recent;
}
