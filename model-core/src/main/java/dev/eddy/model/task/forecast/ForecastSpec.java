package dev.eddy.model.task.forecast;

import dev.eddy.model.layer.LayerSpec;
import java.io.Serializable;
import java.util.List;

/**
 * What is forecast and by what: the part of a pipeline's configuration that the model file keeps, so that serving
 * needs nothing else.
 *
 * @param horizon H, steps ahead
 * @param stepMillis the grid of event time, milliseconds
 * @param quantiles Q levels, ascending, within (0, 1), 0.5 among them
 * @param seasons season lengths in steps, ascending; the first is the scale of MASE and the seasonal naive
 * @param skip the path beside the recurrent one
 * @param lookback steps of window that a {@code linear} skip sees
 * @param scaleWindow readings after which the causal scale begins to forget
 * @param warmup readings before an entity's forecasts count
 * @param ring raw readings kept per entity for re-warming after a swap
 * @param network the recurrent path without its head, first layer first
 */
public record ForecastSpec(
    int horizon,
    long stepMillis,
    double[] quantiles,
    int[] seasons,
    Skip skip,
    int lookback,
    int scaleWindow,
    int warmup,
    int ring,
    List<LayerSpec> network)
    implements Serializable {

  /** The path beside the recurrent one: a plain LSTM loses to the naive forecast. */
  public enum Skip {
    /** No skip path: the recurrent network alone. */
    NONE,
    /** The last value, held. */
    LAST,
    /** The value one (first) season before the target. */
    SEASON,
    /** NLinear on the last {@code lookback} values (Zeng et al. 2023), started at the seasonal naive. */
    LINEAR
  }
}
