package dev.eddy.benchmarks.averaging;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.demo.SimulatedHistory;
import dev.eddy.jobs.history.FileSeries;
import dev.eddy.model.data.RawSeries;
import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.task.forecast.ForecastTraining;
import dev.eddy.model.train.TrainingSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Series, where they are cut, and how a pipeline of {@code conf/} trains on them.
 *
 * @param name in tables
 * @param task what is forecast
 * @param training batch, chunk, warm-up, learning rate and so on of the pipeline
 * @param series what there is, nothing of a test part
 * @param cut where validation begins
 */
record Problem(
    String name,
    ForecastSpec task,
    TrainingSpec training,
    List<RawSeries> series,
    ForecastTraining.Cut cut) {

  /** The meters of the demo; the newest tenth validates. */
  static Problem simulator() {
    PipelineConfig config = config("demo.yaml", List.of());
    PipelineConfig.Demo sizes = config.demo();
    List<RawSeries> series = SimulatedHistory.series(sizes.entities(), sizes.history(), 1);
    ForecastTraining.Cut cut = ForecastTraining.Cut.of(config.forecast(), series, 0.1, 0);
    return new Problem("simulator", config.forecast(), config.training().spec(), series, cut);
  }

  /**
   * One transformer, each column an entity; train and validation rows of Zhou et al. (2021). The
   * test rows are not looked at.
   *
   * @param data the folder of the data sets
   * @return null where the file is not there
   */
  static Problem etth1(Path data) {
    Path file = data.resolve("etth1").resolve("ETTh1.csv.gz").toAbsolutePath().normalize();
    if (!Files.exists(file)) {
      return null;
    }
    PipelineConfig config = config("etth1.yaml", List.of("source.file=" + file));
    int train = config.evaluation().train();
    int seen = train + config.evaluation().validation();
    List<RawSeries> series = new ArrayList<>();
    for (RawSeries all : FileSeries.read(config.source()).series()) {
      RawSeries part = new RawSeries(all.entity());
      for (int t = 0; t < seen; t++) {
        part.add(all.time(t), all.value(t));
      }
      series.add(part);
    }
    long end = series.get(0).time(seen - 1) + config.forecast().stepMillis();
    ForecastTraining.Cut cut = new ForecastTraining.Cut(series.get(0).time(train), end, end);
    return new Problem("etth1", config.forecast(), config.training().spec(), series, cut);
  }

  private static PipelineConfig config(String file, List<String> overrides) {
    Path home = Path.of(System.getProperty("eddy.home", "."));
    return ConfigLoader.load(home.resolve("conf").resolve(file), overrides, warning -> {});
  }
}
