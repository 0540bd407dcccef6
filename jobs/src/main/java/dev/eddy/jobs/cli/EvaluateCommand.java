package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.history.FileSeries;
import dev.eddy.jobs.history.UnusableHistoryException;
import dev.eddy.jobs.terminal.ProgressBar;
import dev.eddy.model.data.RawSeries;
import dev.eddy.model.eval.Backtest;
import dev.eddy.model.eval.BacktestResult;
import dev.eddy.model.eval.BacktestSpec;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.train.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The backtest. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Trains on the oldest rows of a file and scores the newest, beside baselines. Everything is chosen on the validation rows in between.",
      "Exit code 0: done. 1: failed. 2: configuration or data cannot be used."
    },
    footer = {
      "",
      "Example:",
      "  eddy evaluate conf/etth1.yaml --data ETTh1.csv.gz --json etth1.json"
    })
final class EvaluateCommand implements Callable<Integer> {
  @ParentCommand private Eddy eddy;
  @Mixin private PipelineOptions pipeline;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "CSV, JSON lines or Parquet: a path or URI of a file, a folder or a glob; may be repeated. Default: source.file.")
  private List<String> data = new ArrayList<>();

  @Option(
      names = "--json",
      paramLabel = "OUT",
      description =
          "Write the figures as JSON to this file; - for standard output, instead of the table.")
  private String json;

  @Override
  public Integer call() throws IOException {
    PipelineConfig config = pipeline.load(eddy, data);
    BacktestSpec spec = spec(config);
    Path out = json == null || json.equals("-") ? null : writable(Path.of(json));
    List<RawSeries> series = read(config);
    int threads =
        Math.min(
            Runtime.getRuntime().availableProcessors(),
            Math.min(config.training().parallelism(), spec.training().shards()));
    BacktestResult result;
    try (ProgressBar bar = ProgressBar.on(eddy.err())) {
      result = Backtest.run(spec, series, KernelSelection.kernels(), threads, new Rounds(bar));
    } catch (IllegalArgumentException e) {
      // The contract of Backtest: the data does not span the rows that are asked for.
      throw new ConfigException(e.getMessage());
    }
    if (out != null) {
      Files.writeString(out, result.toJson() + "\n");
    }
    eddy.out().print(json != null && out == null ? result.toJson() + "\n" : result.table());
    return Failures.DONE;
  }

  private static BacktestSpec spec(PipelineConfig config) {
    PipelineConfig.Evaluation rows = config.evaluation();
    if (rows == null) {
      throw new ConfigException(
          "evaluation: missing; expected {train: ROWS, validation: ROWS, test: ROWS} of each entity");
    }
    try {
      return new BacktestSpec(
          config.forecast(),
          config.training().spec(),
          rows.train(),
          rows.validation(),
          rows.test());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  /** Minutes of training must not end with a file that cannot be written. */
  private static Path writable(Path out) {
    Path folder = out.toAbsolutePath().getParent();
    if (Files.isDirectory(out) || folder == null || !Files.isWritable(folder)) {
      throw new ConfigException(
          "--json: %s cannot be written; name a file in a folder that is there".formatted(out));
    }
    return out;
  }

  private List<RawSeries> read(PipelineConfig config) {
    if (config.source().files().isEmpty()) {
      throw new ConfigException("no data given; expected --data PATH or source.file");
    }
    try {
      FileSeries read = FileSeries.read(config.source());
      read.leftOut().ifPresent(what -> eddy.err().println("eddy: warning: " + what));
      return read.series();
    } catch (UnusableHistoryException | UncheckedIOException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  /** Rounds of training on a bar. */
  private static final class Rounds implements Consumer<Progress> {
    private final ProgressBar bar;
    private final long began = System.nanoTime();

    Rounds(ProgressBar bar) {
      this.bar = bar;
    }

    @Override
    public void accept(Progress progress) {
      double seconds = (System.nanoTime() - began) / 1e9;
      int done = progress.round();
      bar.show(
          new ProgressBar.State(
              "training",
              done,
              progress.of(),
              progress.loss(),
              progress.validationLoss(),
              progress.samples() / seconds,
              done == 0 ? Double.NaN : seconds / done * (progress.of() - done)));
    }
  }
}
