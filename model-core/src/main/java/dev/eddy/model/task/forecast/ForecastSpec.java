package dev.eddy.model.task.forecast;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What is forecast and by what: the part of a pipeline's configuration that the model file keeps,
 * so that serving needs nothing else. Arrays are copied in and out: nobody can change a
 * specification.
 *
 * @param horizon H, steps ahead
 * @param stepMillis the grid of event time, milliseconds
 * @param quantiles Q levels, ascending, within (0, 1), 0.5 among them
 * @param seasons season lengths in steps, ascending, at least one; the first is the scale of MASE
 *     and the seasonal naive
 * @param skip the path beside the recurrent one
 * @param lookback steps of window that a {@code linear} skip sees
 * @param scaleWindow readings after which the causal scale begins to forget
 * @param warmup readings before an entity's forecasts count
 * @param ring raw readings kept per entity for re-warming after a swap
 * @param network the recurrent path without its head, first layer first; may be empty where there
 *     is a skip path
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
  /**
   * The longest horizon, window, season or ring that is accepted: a bound on memory, far above any
   * use.
   */
  private static final int MAX_STEPS = 100_000;

  private static final int MAX_QUANTILES = 99;

  /** Seasons widen the input and keep a table each. */
  private static final int MAX_SEASONS = 16;

  private static final class Json {
    static final ObjectMapper MAPPER = LayerKinds.mapper();
  }

  /** The path beside the recurrent one: a plain LSTM loses to the naive forecast. */
  public enum Skip {
    /** No skip path: the recurrent network alone. */
    NONE,
    /** The last value, held. */
    LAST,
    /** The value one (first) season before the target. */
    SEASON,
    /**
     * NLinear on the last {@code lookback} values (Zeng et al. 2023), started at the seasonal
     * naive.
     */
    LINEAR
  }

  /**
   * Checks every value.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public ForecastSpec {
    within("horizon", horizon, 1, MAX_STEPS);
    check("step", stepMillis + " ms", stepMillis >= 1, "at least 1 ms");
    checkQuantiles(quantiles);
    check(
        "horizon",
        "%d steps of %d quantiles".formatted(horizon, quantiles.length),
        (long) horizon * quantiles.length <= MAX_STEPS,
        "such that horizon times quantiles is at most " + MAX_STEPS);
    checkSeasons(seasons);
    check("skip", skip, skip != null, "one of " + Arrays.toString(Skip.values()));
    within("lookback", lookback, skip == Skip.LINEAR ? 1 : 0, MAX_STEPS);
    within("scale-window", scaleWindow, 2, Integer.MAX_VALUE);
    within("warmup", warmup, 1, Integer.MAX_VALUE);
    within("ring", ring, 1, MAX_STEPS);
    check(
        "network",
        network,
        network != null && network.stream().noneMatch(Objects::isNull),
        "a list of layers");
    check(
        "network",
        "an empty list",
        !network.isEmpty() || skip != Skip.NONE,
        "at least one layer where skip is none");
    quantiles = quantiles.clone();
    seasons = seasons.clone();
    network = List.copyOf(network);
  }

  /** Q levels, a copy. */
  @Override
  public double[] quantiles() {
    return quantiles.clone();
  }

  /** Season lengths in steps, a copy. */
  @Override
  public int[] seasons() {
    return seasons.clone();
  }

  /** Which quantile is the median. */
  public int median() {
    return Arrays.binarySearch(quantiles, 0.5);
  }

  /** H * Q: how many floats a forecast holds. */
  public int outputWidth() {
    return horizon * quantiles.length;
  }

  /** The slot of the time grid that holds this time. */
  public long slot(long time) {
    return Math.floorDiv(time, stepMillis);
  }

  /** The same with another warm-up. */
  ForecastSpec withWarmup(int other) {
    return new ForecastSpec(
        horizon, stepMillis, quantiles, seasons, skip, lookback, scaleWindow, other, ring, network);
  }

  /** The longest season, in steps. */
  int longestSeason() {
    return seasons[seasons.length - 1];
  }

  /**
   * This specification as one line of JSON; the same specification always gives the same
   * characters.
   */
  public String toJson() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "cannot write the forecast specification: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * The specification that {@link #toJson()} wrote.
   *
   * @throws IllegalArgumentException if the text is something else, or a value is not allowed
   */
  public static ForecastSpec fromJson(String json) {
    try {
      ForecastSpec spec = Json.MAPPER.readValue(json, ForecastSpec.class);
      if (spec == null) {
        throw new IllegalArgumentException("forecast specification expected, got null");
      }
      return spec;
    } catch (JsonProcessingException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      String message =
          root instanceof JsonProcessingException json2
              ? json2.getOriginalMessage()
              : root.getMessage();
      throw new IllegalArgumentException("not a forecast specification: " + message, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ForecastSpec that
        && horizon == that.horizon
        && stepMillis == that.stepMillis
        && Arrays.equals(quantiles, that.quantiles)
        && Arrays.equals(seasons, that.seasons)
        && skip == that.skip
        && lookback == that.lookback
        && scaleWindow == that.scaleWindow
        && warmup == that.warmup
        && ring == that.ring
        && network.equals(that.network);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        horizon,
        stepMillis,
        Arrays.hashCode(quantiles),
        Arrays.hashCode(seasons),
        skip.name(),
        lookback,
        scaleWindow,
        warmup,
        ring,
        network);
  }

  @Override
  public String toString() {
    return ("ForecastSpec[horizon=%d, stepMillis=%d, quantiles=%s, seasons=%s, skip=%s, lookback=%d, scaleWindow=%d,"
            + " warmup=%d, ring=%d, network=%s]")
        .formatted(
            horizon,
            stepMillis,
            Arrays.toString(quantiles),
            Arrays.toString(seasons),
            skip,
            lookback,
            scaleWindow,
            warmup,
            ring,
            network);
  }

  private static void checkQuantiles(double[] quantiles) {
    check("quantiles", "nothing", quantiles != null && quantiles.length > 0, "at least [0.5]");
    String found = Arrays.toString(quantiles);
    check(
        "quantiles",
        quantiles.length + " levels",
        quantiles.length <= MAX_QUANTILES,
        "at most 99 levels");
    double previous = 0;
    for (double level : quantiles) {
      check("quantiles", found, level > previous && level < 1, "ascending within (0, 1)");
      previous = level;
    }
    check("quantiles", found, Arrays.binarySearch(quantiles, 0.5) >= 0, "with 0.5 among them");
  }

  private static void checkSeasons(int[] seasons) {
    check(
        "season",
        "nothing",
        seasons != null && seasons.length > 0,
        "at least one season length in steps");
    check(
        "seasons",
        seasons.length + " lengths",
        seasons.length <= MAX_SEASONS,
        "at most " + MAX_SEASONS + " lengths");
    int previous = 0;
    for (int season : seasons) {
      check(
          "season",
          Arrays.toString(seasons),
          season > previous && season <= MAX_STEPS,
          "lengths in steps, ascending, from 1 to " + MAX_STEPS);
      previous = season;
    }
  }

  private static void within(String field, int value, int least, int most) {
    check(
        field,
        value,
        value >= least && value <= most,
        most == Integer.MAX_VALUE ? "at least " + least : "from %d to %d".formatted(least, most));
  }

  private static void check(String field, Object value, boolean good, String allowed) {
    if (!good) {
      throw new IllegalArgumentException(
          "forecast.%s must be %s, got %s".formatted(field, allowed, value));
    }
  }
}
