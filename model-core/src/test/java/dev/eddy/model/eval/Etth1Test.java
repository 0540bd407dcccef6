package dev.eddy.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.data.CsvSeries;
import dev.eddy.model.data.RawSeries;
import dev.eddy.model.data.TimeFormat;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.train.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The baselines on ETTh1 are the published ones; skipped where the data is not at hand. */
class Etth1Test {
  private static final List<String> COLUMNS =
      List.of("HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT");

  static List<RawSeries> series() throws IOException {
    String given = System.getenv("EDDY_DATA");
    Path data = given != null ? Path.of(given) : Path.of("..", "..", "shared", "data");
    Path file = data.resolve("etth1").resolve("ETTh1.csv.gz");
    Assumptions.assumeTrue(
        Files.exists(file), () -> "no " + file.toAbsolutePath() + ": set EDDY_DATA to its folder");
    TimeFormat format = TimeFormat.of("yyyy-MM-dd HH:mm:ss", "UTC");
    return CsvSeries.read(file, new CsvSeries.Columns("date", format, null, null, COLUMNS));
  }

  @Test
  void baselinesAreThePublishedOnes() throws IOException {
    ForecastSpec forecast =
        new ForecastSpec(
            24,
            3_600_000,
            new double[] {0.05, 0.5, 0.95},
            new int[] {24, 168},
            ForecastSpec.Skip.SEASON,
            0,
            1000,
            168,
            336,
            List.of(new Lstm(2)));
    TrainingSpec training = new TrainingSpec(1, 1, 1, 1, 8, 24, 24, 1e-3, 1, 0, 1);
    BacktestSpec spec = new BacktestSpec(forecast, training, 8640, 2880, 2880);

    BacktestResult result =
        Backtest.run(spec, series(), KernelSelection.kernels(), 1, progress -> {});

    System.out.println(result.table());
    BacktestResult.Errors last = result.row("repeat-last").test();
    assertThat(last.mse()).isCloseTo(1.222, within(0.0005));
    assertThat(last.mae()).isCloseTo(0.671, within(0.0005));
    assertThat(result.row("naive-24").test().mse()).isCloseTo(0.424, within(0.0005));
    assertThat(result.row("ridge").test().mse()).isCloseTo(0.318, within(0.003));
    assertThat(result.row("model").test().mse()).isLessThan(result.row("repeat-last").test().mse());
    assertThat(result.windows()).isEqualTo(7 * (2880 - 24 + 1));
  }
}
