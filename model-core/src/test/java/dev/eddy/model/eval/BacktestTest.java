package dev.eddy.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.task.forecast.Fixtures;
import dev.eddy.model.train.Progress;
import dev.eddy.model.train.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacktestTest {
  private static final TrainingSpec TRAINING =
      new TrainingSpec(2, 5, 4, 4, 4, 10, 12, 1e-3, 1, 0, 1);

  private static List<RawSeries> series() {
    return List.of(
        Fixtures.series("b", 500, 2), Fixtures.series("a", 500, 1), Fixtures.series("c", 500, 3));
  }

  @Test
  void seriesWithGapsAreScoredBesideTheBaselines() {
    BacktestSpec spec = new BacktestSpec(Fixtures.task(), TRAINING, 300, 100, 100);
    List<Progress> heard = new ArrayList<>();
    BacktestResult result = Backtest.run(spec, series(), KernelSelection.kernels(), 1, heard::add);
    assertThat(result.rows())
        .extracting(BacktestResult.Row::method)
        .containsExactly("repeat-last", "naive-6", "naive-12", "ridge", "model");
    for (BacktestResult.Row row : result.rows()) {
      assertThat(row.test().mse()).isFinite().isPositive();
      assertThat(row.validation().mae()).isFinite().isPositive();
    }
    assertThat(result.row("model").test().mse()).isLessThan(result.row("repeat-last").test().mse());
    assertThat(heard).isNotEmpty().last().matches(Progress::finished);
    assertThat(result.table()).contains("repeat-last", "ridge", "chosen on validation");
    assertThat(result.toJson()).contains("\"method\" : \"ridge\"", "\"test\"");

    List<RawSeries> turned = List.of(series().get(2), series().get(0), series().get(1));
    assertThat(Backtest.run(spec, turned, KernelSelection.kernels(), 2, progress -> {}))
        .as("neither order nor threads matter")
        .isEqualTo(result);
  }

  @Test
  void theTestRowsDoNotReachTheModelBeforeTheirTime() {
    BacktestSpec spec = new BacktestSpec(Fixtures.task(), TRAINING, 300, 100, 100);
    BacktestResult result =
        Backtest.run(spec, series(), KernelSelection.kernels(), 1, progress -> {});
    List<RawSeries> changed = new ArrayList<>();
    long first = series().stream().mapToLong(one -> one.time(0)).min().orElseThrow();
    for (RawSeries one : series()) {
      RawSeries other = new RawSeries(one.entity());
      for (int t = 0; t < one.length(); t++) {
        boolean test = one.time(t) / Fixtures.STEP - first / Fixtures.STEP >= 400;
        other.add(one.time(t), test ? -one.value(t) : one.value(t));
      }
      changed.add(other);
    }
    BacktestResult other =
        Backtest.run(spec, changed, KernelSelection.kernels(), 1, progress -> {});
    assertThat(other.bestRound()).isEqualTo(result.bestRound());
    assertThat(other.row("model").validation()).isEqualTo(result.row("model").validation());
    assertThat(other.row("ridge").validation()).isEqualTo(result.row("ridge").validation());
    assertThat(other.row("model").test()).isNotEqualTo(result.row("model").test());
  }

  @Test
  void saysWhenTheDataIsTooShort() {
    BacktestSpec spec = new BacktestSpec(Fixtures.task(), TRAINING, 3000, 100, 100);
    assertThatThrownBy(
            () -> Backtest.run(spec, series(), KernelSelection.kernels(), 1, progress -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("evaluation takes 3200 rows");
    assertThatThrownBy(() -> new BacktestSpec(Fixtures.task(), TRAINING, 300, 3, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("evaluation.validation must be at least 4 rows, got 3");
  }

  @Test
  void errorsAreTheirDefinitions() {
    ErrorSum sum = new ErrorSum();
    assertThat(sum.coverage()).isNaN();
    double[] levels = {0.1, 0.5, 0.9};
    sum.add(new double[] {9, 1, 3, 4}, 1, levels, 1, 2);
    sum.add(new double[] {9, 1, 3, 4}, 1, levels, 1, 6);
    sum.add(new double[] {9, 1, 3, 4}, 1, levels, 1, Double.NaN);
    assertThat(sum.count()).isEqualTo(2);
    assertThat(sum.mae()).isEqualTo(2);
    assertThat(sum.mse()).isEqualTo(5);
    assertThat(sum.mase(4)).isEqualTo(0.5);
    assertThat(sum.coverage()).isEqualTo(0.5);
    // y = 2: 0.1 * 1, 0.5 * 1, 0.1 * 2; y = 6: 0.1 * 5, 0.5 * 3, 0.9 * 2; each a third of its sum
    assertThat(sum.pinball()).isCloseTo((0.8 / 3 + 3.8 / 3) / 2, within(1e-12));
  }
}
