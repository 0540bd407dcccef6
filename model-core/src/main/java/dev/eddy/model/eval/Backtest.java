package dev.eddy.model.eval;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.task.forecast.ForecastTraining;
import dev.eddy.model.task.forecast.Forecaster;
import dev.eddy.model.train.LocalTraining;
import dev.eddy.model.train.Progress;
import dev.eddy.model.train.TrainingSetup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Trains a model on the oldest rows and scores it beside baselines on rows that nobody has seen, by
 * the protocol of Zhou et al. (2021): rows in time order, split into train, validation and test;
 * every window of stride 1 counts; errors on values z-scored by the training rows, averaged over
 * windows, steps and entities.
 *
 * <p>The model runs over the whole history as it does when it serves: reading by reading, its state
 * carried through.
 */
public final class Backtest {
  private static final double[] PENALTIES = {0.1, 1, 10, 100, 1000, 10_000};

  private final BacktestSpec spec;
  private final ForecastSpec task;
  private final Grid grid;
  private final int[] parts; // rows where validation begins, test begins, test ends

  private Backtest(BacktestSpec spec, List<RawSeries> series) {
    this.spec = spec;
    this.task = spec.forecast();
    this.grid = new Grid(task, series, spec.rows(), spec.train());
    this.parts = new int[] {spec.train(), spec.train() + spec.validation(), spec.rows()};
  }

  /**
   * Runs a backtest.
   *
   * @param series one per entity, sorted by time
   * @param kernels the arithmetic
   * @param threads threads that train
   * @param listener hears of every round of training
   * @throws IllegalArgumentException if the data does not span the rows that are asked for
   */
  public static BacktestResult run(
      BacktestSpec spec,
      List<RawSeries> series,
      Kernels kernels,
      int threads,
      Consumer<Progress> listener) {
    List<RawSeries> sorted =
        series.stream().sorted(Comparator.comparing(RawSeries::entity)).toList();
    Backtest backtest = new Backtest(spec, sorted);
    List<BacktestResult.Row> rows = new ArrayList<>(backtest.baselines());
    ForecastTraining training = backtest.plan();
    TrainingSetup setup = training.setup(kernels);
    float[] weights = setup.network().initialWeights(spec.training().seed());
    LocalTraining.Result trained =
        LocalTraining.run(setup, training.shards(), weights, threads, listener);
    Forecaster forecaster =
        new Forecaster(spec.forecast(), setup.network(), trained.weights(), 1, 1, kernels);
    Progress progress = trained.progress();
    rows.add(backtest.model(forecaster, progress));
    return new BacktestResult(
        spec.forecast().horizon(),
        sorted.size(),
        spec.train(),
        spec.validation(),
        spec.test(),
        backtest.windows(),
        rows,
        progress.round(),
        progress.bestRound());
  }

  /** Repeat-last, one seasonal naive for each season, ridge. */
  private List<BacktestResult.Row> baselines() {
    List<BacktestResult.Row> rows = new ArrayList<>();
    rows.add(row("repeat-last", "", PointForecast.last(grid)));
    for (int season : task.seasons()) {
      rows.add(row("naive-" + season, "", PointForecast.seasonal(grid, season)));
    }
    rows.add(ridge());
    return rows;
  }

  private BacktestResult.Row ridge() {
    List<Integer> lookbacks = Ridge.lookbacks(task.seasons()[0], spec.train());
    int longest = lookbacks.get(lookbacks.size() - 1);
    Ridge ridge = new Ridge(grid, task.horizon(), longest, spec.train());
    double best = Double.POSITIVE_INFINITY;
    String chosen = "";
    PointForecast solution = null;
    for (int lookback : lookbacks) {
      for (double penalty : PENALTIES) {
        PointForecast candidate = ridge.solve(lookback, penalty);
        double mse = score(candidate, 0).mse();
        if (solution == null || mse < best) {
          best = mse;
          chosen = "look-back %d, penalty %s".formatted(lookback, penalty);
          solution = candidate;
        }
      }
    }
    return row("ridge", chosen, solution);
  }

  private BacktestResult.Row row(String method, String chosen, PointForecast forecast) {
    return new BacktestResult.Row(
        method, chosen, errors(score(forecast, 0)), errors(score(forecast, 1)));
  }

  /** The errors on part 0 (validation) or 1 (test). */
  private ErrorSum score(PointForecast method, int part) {
    ErrorSum sum = new ErrorSum();
    double[] forecast = new double[task.horizon()];
    for (int e = 0; e < grid.entities(); e++) {
      for (int origin = parts[part] - 1; origin + task.horizon() < parts[part + 1]; origin++) {
        if (grid.known(e, origin)) {
          method.forecast(e, origin, forecast);
          for (int h = 0; h < forecast.length; h++) {
            sum.add(forecast[h], grid.at(e, origin + 1 + h));
          }
        }
      }
    }
    return sum;
  }

  private static BacktestResult.Errors errors(ErrorSum sum) {
    return new BacktestResult.Errors(
        sum.mse(), sum.mae(), Double.isNaN(sum.coverage()) ? null : sum.coverage());
  }

  private long windows() {
    long windows = 0;
    for (int e = 0; e < grid.entities(); e++) {
      for (int origin = parts[1] - 1; origin + task.horizon() < parts[2]; origin++) {
        windows += grid.known(e, origin) ? 1 : 0;
      }
    }
    return windows;
  }

  /** The plan of training: the test rows are not even handed in. */
  private ForecastTraining plan() {
    List<RawSeries> seen = new ArrayList<>();
    long end = grid.slot(parts[1]) * task.stepMillis();
    for (int e = 0; e < grid.entities(); e++) {
      RawSeries all = grid.series(e);
      RawSeries part = new RawSeries(all.entity());
      for (int t = 0; t < all.length() && all.time(t) < end; t++) {
        part.add(all.time(t), all.value(t));
      }
      part.trim();
      seen.add(part);
    }
    long validationFrom = grid.slot(parts[0]) * task.stepMillis();
    return new ForecastTraining(
        task, spec.training(), new ForecastTraining.Cut(validationFrom, end, end), seen);
  }

  private BacktestResult.Row model(Forecaster forecaster, Progress progress) {
    ErrorSum[] sums = {new ErrorSum(), new ErrorSum()};
    new StreamedModel(task, grid, forecaster)
        .run(
            (entity, origin, quantiles) -> {
              for (int part = 0; part < sums.length; part++) {
                if (origin >= parts[part] - 1 && origin + task.horizon() < parts[part + 1]) {
                  add(sums[part], entity, origin, quantiles);
                }
              }
            });
    String chosen =
        String.format(
            Locale.ROOT,
            "round %d of %d, loss %.4f",
            progress.bestRound(),
            progress.round(),
            progress.bestValidationLoss());
    return new BacktestResult.Row("model", chosen, errors(sums[0]), errors(sums[1]));
  }

  private void add(ErrorSum sum, int entity, int origin, float[] quantiles) {
    double[] levels = task.quantiles();
    double[] scaled = new double[quantiles.length];
    for (int i = 0; i < quantiles.length; i++) {
      scaled[i] = grid.scaled(entity, quantiles[i]);
    }
    for (int h = 0; h < task.horizon(); h++) {
      sum.add(scaled, h * levels.length, levels, task.median(), grid.at(entity, origin + 1 + h));
    }
  }
}
