package dev.eddy.model.task.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.data.SeriesBuilder;
import dev.eddy.model.data.SeriesStore;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.train.LocalTraining;
import dev.eddy.model.train.ScoreSum;
import dev.eddy.model.train.Scorer;
import dev.eddy.model.train.TrainingSetup;
import dev.eddy.model.train.TrainingSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the history lies makes no difference to what is learned from it. */
class StoredTrainingTest {
  private static final ForecastSpec TASK = Fixtures.task();
  private static final TrainingSpec TRAINING =
      new TrainingSpec(3, 6, 2, 9, 8, 10, 12, 1e-2, 1, 0, 1);

  @TempDir private Path directory;

  /** All that a run gives. */
  private record Result(float[] weights, Map<String, String> provenance, ScoreSum gate) {}

  @Test
  void everyBudgetTrainsTheSameModel() {
    List<RawSeries> series = new ArrayList<>();
    for (int e = 0; e < 40; e++) {
      series.add(Fixtures.series("m%02d".formatted(e), e == 7 ? 30_000 : 1_400, e));
    }
    Result expected = train(series, 1);
    assertThat(expected.provenance()).containsEntry("data.readings", "84600");
    for (long budget : new long[] {64 << 20, 84_600 * 16 / 5, SeriesBuilder.MIN_BYTES}) {
      try (SeriesBuilder builder = new SeriesBuilder(budget, TASK.scaleWindow(), directory)) {
        mix(series, builder);
        try (SeriesStore store = builder.finish();
            SeriesStore.View view = store.open()) {
          assertThat(store.diskBytes() > 0).isEqualTo(budget < 32 << 20);
          Result result = train(view.series(), 2);
          assertThat(result.provenance()).isEqualTo(expected.provenance());
          assertThat(result.weights()).containsExactly(expected.weights());
          assertThat(result.gate()).usingRecursiveComparison().isEqualTo(expected.gate());
          assertThat(view.bytes()).isLessThanOrEqualTo(budget);
        }
      }
    }
  }

  private static void mix(List<RawSeries> series, SeriesBuilder builder) {
    List<SeriesBuilder.Series> numbers =
        series.stream().map(one -> builder.series(one.entity())).toList();
    for (int t = 0; t < 30_000; t++) {
      for (int e = 0; e < series.size(); e++) {
        if (t < series.get(e).length()) {
          builder.add(numbers.get(e), series.get(e).time(t), series.get(e).value(t));
        }
      }
    }
  }

  private static Result train(List<RawSeries> series, int threads) {
    ForecastTraining.Cut cut = ForecastTraining.Cut.of(TASK, series, 0.2, 0.2);
    ForecastTraining plan = new ForecastTraining(TASK, TRAINING, cut, series);
    TrainingSetup setup = plan.setup(KernelSelection.kernels());
    float[] start = setup.network().initialWeights(1);
    LocalTraining.Result result =
        LocalTraining.run(setup, plan.shards(), start, threads, progress -> {});
    ScoreSum gate = new Scorer(setup).score(result.weights(), plan.gate(0), plan.gateMetrics());
    return new Result(result.weights(), plan.provenance(), gate);
  }
}
