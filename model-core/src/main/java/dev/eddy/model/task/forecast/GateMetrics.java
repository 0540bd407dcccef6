package dev.eddy.model.task.forecast;

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

  private final ForecastSpec decoded;
  private final ToDoubleFunction<ForecastSeries> scale;
  private final Comparison comparison;
  private final float[] quantiles; // [H][Q]

  /**
   * Metrics for a task.
   *
   * @param spec whose baselines and horizon say which steps count
   * @param decoded whose forecasts are scored: the same task, or that of another model with the
   *     same horizon and step
   * @param scale by what an entity's errors are divided; NaN leaves the entity out
   */
  GateMetrics(ForecastSpec spec, ForecastSpec decoded, ToDoubleFunction<ForecastSeries> scale) {
    this.decoded = decoded;
    this.scale = scale;
    this.comparison = new Comparison(spec, decoded);
    this.quantiles = new float[decoded.outputWidth()];
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
    ForecastDecoder.decode(decoded, output, outputAt, series.mean(t), series.std(t), quantiles);
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
  static GateDecision decide(ForecastSpec spec, GateScore score, GateRules rules) {
    double[] sums = score.model().sums();
    double n = sums[COUNT];
    if (!(n > 0)) {
      return GateDecision.of(
          rules.force() && Double.isFinite(score.loss()),
          false,
          "the gate's stretch holds no step that every baseline can speak for (it takes %d readings of history)"
              .formatted(spec.longestSeason()),
          Map.of());
    }
    double model = sums[MODEL] / n;
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("mase", model);
    double live = live(score);
    if (score.live() != null) {
      metrics.put("mase-live", live);
    }
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
    if (!Double.isFinite(model)) {
      return GateDecision.of(
          false, false, "the model's error on the gate's stretch is " + model, metrics);
    }
    Bar baseline = new Bar("the best baseline (" + best + ")", bar, rules.margin());
    Bar incumbent = new Bar("the live model (" + rules.live() + ")", live, rules.liveMargin());
    // A live model whose own error is not a number is no bar.
    boolean compared = !Double.isNaN(live);
    boolean passed = baseline.passed(model) && (!compared || incumbent.passed(model));
    String text =
        String.format(Locale.ROOT, "MASE %.4f against ", model)
            + baseline.text(model)
            + "; "
            + (compared ? incumbent.text(model) : uncompared(score, rules));
    return GateDecision.of(rules.force(), passed, text, metrics);
  }

  /** The live model's error in the same units on the same steps; NaN where there is none. */
  private static double live(GateScore score) {
    if (score.live() == null) {
      return Double.NaN;
    }
    double[] model = score.model().sums();
    double[] live = score.live().sums();
    if (model[COUNT] != live[COUNT] || model[LAST] != live[LAST]) {
      throw new IllegalStateException(
          "the gate scored the live model on %.0f steps and the new one on %.0f: they must be the same"
              .formatted(live[COUNT], model[COUNT]));
    }
    return live[MODEL] / live[COUNT];
  }

  private static String uncompared(GateScore score, GateRules rules) {
    if (score.live() != null) {
      return "the live model (" + rules.live() + ") makes forecasts that are not numbers";
    }
    return rules.live() == null ? "no model was live" : rules.live();
  }

  /** The share of truths that the outermost quantiles ought to cover, in percent. */
  private static long nominal(ForecastSpec spec) {
    double[] levels = spec.quantiles();
    return Math.round(100 * (levels[levels.length - 1] - levels[0]));
  }

  /**
   * Something to be beaten.
   *
   * @param error its MASE
   * @param margin share by which it must be beaten
   */
  private record Bar(String name, double error, double margin) {
    boolean passed(double model) {
      return model <= (1 - margin) * error;
    }

    String text(double model) {
      if (!(error > 0)) {
        return "%s, which makes no error at all".formatted(name);
      }
      String found =
          String.format(
              Locale.ROOT, "%.4f of %s: %+.1f %%", error, name, 100 * (model / error - 1));
      return passed(model)
          ? found
          : found + String.format(Locale.ROOT, ", %.1f %% asked for", 0.0 - 100 * margin);
    }
  }
}
