package dev.eddy.jobs.config;

import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.task.forecast.ForecastSpec.Skip;
import java.util.Arrays;
import java.util.List;

/** Reads the task {@code forecast}, and sees whether its network can be built. */
final class ForecastReader {
  private static final long DAY = 86_400_000L;
  private static final int MANY = 1_000_000;
  private static final double[] QUANTILES = {0.05, 0.5, 0.95};
  private static final int[] SEASONS = {24, 168};

  private final Problems problems;

  ForecastReader(Problems problems) {
    this.problems = problems;
  }

  /** The task; null where its values do not fit together. */
  ForecastSpec read(Section section, Section serving, List<LayerSpec> network) {
    int horizon = (int) section.whole("horizon", 24, 1, 10_000);
    long step = section.millis("step", "1h", 1, 366 * DAY);
    double[] quantiles = quantiles(section);
    int[] seasons = seasons(section);
    Skip skip = section.choice("skip", Skip.LINEAR, Skip.class);
    int lookback = (int) section.whole("lookback", 168, 1, 100_000);
    int scaleWindow = (int) section.whole("scale-window", 1_000, 2, MANY);
    int warmup = (int) section.whole("warmup", 168, 1, MANY);
    int ring = (int) serving.whole("ring", 336, 1, 100_000);
    section.end();
    if (!problems.errors().isEmpty()) {
      return null;
    }
    try {
      return built(
          new ForecastSpec(
              horizon,
              step,
              quantiles,
              seasons,
              skip,
              lookback,
              scaleWindow,
              warmup,
              ring,
              network));
    } catch (IllegalArgumentException e) {
      problems.error("", e.getMessage());
      return null;
    }
  }

  /**
   * The specification, if a network can be made of it: shapes that do not fit are found here and
   * not in a job.
   */
  private ForecastSpec built(ForecastSpec spec) {
    try {
      ForecastNetwork.build(spec);
    } catch (IllegalArgumentException e) {
      problems.error("network", e.getMessage());
    }
    return spec;
  }

  private double[] quantiles(Section section) {
    List<Double> list = section.list("quantiles", "numbers between 0 and 1", Double::parseDouble);
    if (list == null) {
      return QUANTILES.clone();
    }
    double[] quantiles = list.stream().mapToDouble(q -> q).toArray();
    String found = "found " + Arrays.toString(quantiles);
    boolean ascending = quantiles.length > 0 && quantiles.length < 100;
    for (int i = 0; i < quantiles.length; i++) {
      double before = i == 0 ? 0 : quantiles[i - 1];
      ascending &= quantiles[i] > before && quantiles[i] < 1;
    }
    if (!ascending) {
      problems.error(
          "forecast.quantiles",
          found + ", expected ascending numbers between 0 and 1, ends excluded, at most 99");
    } else if (Arrays.binarySearch(quantiles, 0.5) < 0) {
      problems.error("forecast.quantiles", found + ", expected 0.5 among them: it is the forecast");
    }
    return quantiles;
  }

  private int[] seasons(Section section) {
    List<Integer> list = section.list("seasons", "whole numbers of steps", Integer::parseInt);
    if (list == null) {
      return SEASONS.clone();
    }
    int[] seasons = list.stream().mapToInt(season -> season).toArray();
    boolean ascending = seasons.length > 0;
    for (int i = 0; i < seasons.length; i++) {
      ascending &= seasons[i] > (i == 0 ? 1 : seasons[i - 1]) && seasons[i] <= 100_000;
    }
    if (!ascending) {
      problems.error(
          "forecast.seasons",
          "found %s, expected at least one season, ascending, each from 2 to 100000 steps"
              .formatted(Arrays.toString(seasons)));
      return SEASONS.clone();
    }
    return seasons;
  }
}
