package dev.eddy.model.task.forecast;

import dev.eddy.model.train.ScoreSum;
import dev.eddy.model.train.StepMetrics;
import dev.eddy.model.train.TrainingSeries;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The errors of a model and of the baselines on the gate's stretch, each divided by its entity's
 * own scale, so that a big meter counts no more than a small one. Keeps buffers: one per thread.
 *
 * <p>Sums: [loss, count, model, last, season 1, season 2, ..., covered, pinball].
 */
final class GateMetrics implements StepMetrics {
  private static final int COUNT = 1;
  private static final int MODEL = 2;
  private static final int LAST = 3;
  private static final int SEASONS = 4;

  private final ForecastSpec spec;
  private final ToDoubleFunction<ForecastSeries> scale;
  private final Comparison comparison;
  private final float[] quantiles; // [H][Q]

  /**
   * Metrics for a task.
   *
   * @param scale by what an entity's errors are divided; NaN leaves the entity out
   */
  GateMetrics(ForecastSpec spec, ToDoubleFunction<ForecastSeries> scale) {
    this.spec = spec;
    this.scale = scale;
    this.comparison = new Comparison(spec);
    this.quantiles = new float[spec.outputWidth()];
  }

  @Override
  public int count() {
    return SEASONS - 1 + comparison.season.length + 2;
  }

  @Override
  public void add(TrainingSeries one, int t, float[] output, int outputAt, double[] sums) {
    ForecastSeries series = (ForecastSeries) one;
    double unit = scale.applyAsDouble(series);
    if (Double.isNaN(unit)) {
      return;
    }
    series.truth(t, comparison.truth);
    series.past(t, comparison.past);
    ForecastDecoder.decode(spec, output, outputAt, series.mean(t), series.std(t), quantiles);
    comparison.run(quantiles, 0);
    sums[COUNT] += comparison.count;
    sums[MODEL] += comparison.model / unit;
    sums[LAST] += comparison.last / unit;
    int at = SEASONS;
    for (double season : comparison.season) {
      sums[at++] += season / unit;
    }
    sums[at++] += comparison.covered;
    sums[at] += comparison.pinball / unit;
  }

  /** What the sums of all shards say. */
  static GateDecision decide(ForecastSpec spec, ScoreSum score, double margin) {
    double[] sums = score.sums();
    double n = sums[COUNT];
    if (!(n > 0)) {
      return new GateDecision(
          false,
          "refused: the gate's stretch holds no step that every baseline can speak for (it takes %d readings of history)"
              .formatted(spec.longestSeason()),
          Map.of());
    }
    double model = sums[MODEL] / n;
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("mase", model);
    metrics.put("mase-last", sums[LAST] / n);
    String best = "last";
    double bar = sums[LAST] / n;
    int[] seasons = spec.seasons();
    for (int s = 0; s < seasons.length; s++) {
      double naive = sums[SEASONS + s] / n;
      metrics.put("mase-naive-" + seasons[s], naive);
      if (naive < bar) {
        bar = naive;
        best = "naive-" + seasons[s];
      }
    }
    metrics.put("coverage@" + nominal(spec), sums[SEASONS + seasons.length] / n);
    metrics.put("pinball", sums[SEASONS + seasons.length + 1] / n);
    boolean publish = model <= (1 - margin) * bar; // false where model is NaN
    return new GateDecision(publish, text(publish, model, best, bar, margin), metrics);
  }

  /** The share of truths that the outermost quantiles ought to cover, in percent. */
  private static long nominal(ForecastSpec spec) {
    double[] levels = spec.quantiles();
    return Math.round(100 * (levels[levels.length - 1] - levels[0]));
  }

  private static String text(
      boolean publish, double model, String best, double bar, double margin) {
    String found =
        bar > 0
            ? String.format(
                Locale.ROOT,
                "MASE %.4f against %.4f of the best baseline (%s): %+.1f %%",
                model,
                bar,
                best,
                100 * (model / bar - 1))
            : String.format(
                Locale.ROOT, "MASE %.4f, and the baseline %s makes no error at all", model, best);
    return publish
        ? "published: " + found
        : "refused: " + found + String.format(Locale.ROOT, ", %.1f %% asked for", -100 * margin);
  }
}
