package dev.eddy.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.data.TimeFormat;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.train.TrainingSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * On ETTh1 the baselines are the published ones, and a few rounds of training beat the naive
 * forecast that a plain LSTM loses to. Skipped where the data is not at hand.
 */
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
    List<RawSeries> series = COLUMNS.stream().map(RawSeries::new).toList();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("date," + String.join(",", COLUMNS));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.split(",", -1);
        for (int i = 0; i < series.size(); i++) {
          series.get(i).add(format.parse(fields[0]), Double.parseDouble(fields[i + 1]));
        }
      }
    }
    return series;
  }

  @Test
  void baselinesAreThePublishedOnesAndTheModelBeatsTheNaive() throws IOException {
    ForecastSpec forecast =
        new ForecastSpec(
            24,
            3_600_000,
            new double[] {0.05, 0.5, 0.95},
            new int[] {24, 168},
            ForecastSpec.Skip.LINEAR,
            168,
            1000,
            168,
            336,
            List.of(new Lstm(16)));
    TrainingSpec training = new TrainingSpec(2, 25, 5, 5, 16, 48, 168, 2e-3, 1, 1e-4, 1);
    BacktestSpec spec = new BacktestSpec(forecast, training, 8640, 2880, 2880);

    BacktestResult result =
        Backtest.run(spec, series(), KernelSelection.kernels(), 2, progress -> {});

    BacktestResult.Errors last = result.row("repeat-last").test();
    assertThat(last.mse()).isCloseTo(1.222, within(0.0005));
    assertThat(last.mae()).isCloseTo(0.671, within(0.0005));
    assertThat(result.row("naive-24").test().mse()).isCloseTo(0.424, within(0.0005));
    assertThat(result.row("ridge").test().mse()).isCloseTo(0.318, within(0.003));
    assertThat(result.row("model").test().mse()).as(result.table()).isLessThan(0.38);
    assertThat(result.row("model").test().coverage()).isBetween(0.8, 1.0);
    assertThat(result.windows()).isEqualTo(7 * (2880 - 24 + 1));
  }
}
