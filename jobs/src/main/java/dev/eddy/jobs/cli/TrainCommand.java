package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.ConfigSummary;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.config.Redaction;
import dev.eddy.jobs.report.Outcome;
import dev.eddy.jobs.report.RunLog;
import dev.eddy.jobs.report.TrainingReport;
import dev.eddy.jobs.terminal.ProgressBar;
import dev.eddy.jobs.train.ProgressListener;
import dev.eddy.jobs.train.RoundReport;
import dev.eddy.jobs.train.RunHeader;
import dev.eddy.jobs.train.TrainJob;
import dev.eddy.jobs.train.TrainOptions;
import dev.eddy.jobs.train.TrainProgress;
import dev.eddy.jobs.train.TrainResult;
import dev.eddy.jobs.train.TrainingFailedException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The bounded job. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Trains on the history in Kafka, or in files, and publishes the model if it passes the gate.",
      "Exit code 0: published. 1: failed, or refused by the gate. 2: bad usage or configuration.",
      "Ctrl-C cancels the job (130)."
    },
    footer = {
      "",
      "Examples:",
      "  eddy train conf/load.yaml",
      "  eddy train conf/load.yaml --warm-start",
      "  eddy train conf/load.yaml --cluster jobmanager:8081 -D training.shards=8",
      "  eddy train conf/load.yaml --data 's3://bucket/load/2026-*.parquet'"
    })
final class TrainCommand implements Callable<Integer> {
  @ParentCommand private Eddy eddy;
  @Mixin private PipelineOptions pipeline;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Train on files instead: a path or URI of a file, a folder or a glob; may be repeated. Default: source.file, or else the topic.")
  private List<String> data = new ArrayList<>();

  @Option(names = "--cluster", paramLabel = "HOST:PORT", description = FlinkTarget.OPTION)
  private String cluster;

  @Option(
      names = "--warm-start",
      description = "Start from the live model's weights instead of afresh.")
  private boolean warmStart;

  @Option(
      names = "--force",
      description = {
        "Publish though the gate refuses (recorded with the model);",
        "never a model whose weights or error are not finite."
      })
  private boolean force;

  @Mixin private ReportOptions report;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public Integer call() throws TrainingFailedException, InterruptedException {
    PipelineConfig config = pipeline.load(eddy, data);
    try (FlinkTarget flink = FlinkTarget.of(cluster, config.training().parallelism(), eddy.err());
        ProgressBar bar = ProgressBar.on(eddy.err())) {
      report.check();
      Preflight.check(config, Preflight.Use.TRAIN, eddy.err());
      Ended ended = run(config, flink, bar);
      bar.close();
      print(config, ended, eddy.out());
      if (!ended.result().published()) {
        eddy.err()
            .println(
                "eddy: the gate refused the model; what was live stays live. The report shows how it learned; --force publishes all the same");
      }
      return ended.result().published() ? Failures.DONE : Failures.FAILED;
    }
  }

  /**
   * A run that ended by itself.
   *
   * @param page its report; null where there is none
   */
  private record Ended(TrainResult result, Path page) {}

  private Ended run(PipelineConfig config, FlinkTarget flink, ProgressBar bar)
      throws TrainingFailedException, InterruptedException {
    RunLog log = new RunLog(known(config));
    // A job on another machine would go on, and publish; a report is written in any case. What
    // Flink's own client submits is Flink's.
    try (InterruptOnExit exit =
        flink.kind() == FlinkTarget.Kind.GIVEN
            ? null
            : new InterruptOnExit("eddy: cancelling the training job", eddy.err())) {
      try {
        TrainResult result = submit(config, flink, new Watch(bar, log));
        TrainingReport told = log.ended(result, Instant.now());
        return new Ended(result, report.write(told, eddy.err()));
      } catch (TrainingFailedException | InterruptedException e) {
        boolean cancelled = e instanceof InterruptedException || exit != null && exit.asked();
        String why = Redaction.clean(e.getMessage(), config.kafka());
        TrainingReport told =
            log.ended(cancelled ? Outcome.CANCELLED : Outcome.FAILED, why, Instant.now());
        Path page = report.write(told, eddy.err());
        if (page != null) {
          eddy.err().println("eddy: report: " + page);
        }
        throw e;
      }
    }
  }

  /** What is known before the run's own header comes. */
  private static RunHeader known(PipelineConfig config) {
    return new RunHeader(
        "",
        config.name(),
        System.currentTimeMillis(),
        ConfigSummary.of(config),
        Map.of(),
        Map.of(),
        Map.of("eddy", Version.text(), "java", System.getProperty("java.version")),
        List.of());
  }

  /** Shows progress, and remembers it. */
  private record Watch(ProgressBar bar, RunLog log) implements ProgressListener {
    @Override
    public void header(RunHeader header) {
      log.header(header);
    }

    @Override
    public void progress(TrainProgress progress) {
      bar.show(progress);
      log.progress(progress);
    }

    @Override
    public void round(RoundReport round) {
      log.round(round);
    }
  }

  private TrainResult submit(PipelineConfig config, FlinkTarget flink, ProgressListener listener)
      throws TrainingFailedException, InterruptedException {
    try {
      TrainOptions options = new TrainOptions(warmStart, force);
      return TrainJob.run(config, options, flink.environment(), listener);
    } catch (IllegalArgumentException e) {
      // The contract of TrainJob: thrown before anything is submitted, naming the setting.
      throw new ConfigException(e.getMessage());
    }
  }

  private void print(PipelineConfig config, Ended ended, PrintStream out) {
    TrainResult result = ended.result();
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("model", config.name());
      object.put("published", result.published());
      object.put("version", result.version());
      object.put("swapEpoch", result.swapEpoch());
      object.put("reason", result.reason());
      object.put("metrics", result.metrics());
      object.put("rounds", result.rounds());
      object.put("bestRound", result.bestRound());
      object.put("samples", result.samples());
      object.put("samplesPerSecond", result.samplesPerSecond());
      object.put("report", ended.page() == null ? null : ended.page().toString());
      Json.print(object, out);
      return;
    }
    out.printf(Locale.ROOT, "%s version %d %s%n", config.name(), result.version(), result.reason());
    result
        .metrics()
        .forEach((name, value) -> out.printf(Locale.ROOT, "  %-24s %10.4f%n", name, value));
    out.printf(
        Locale.ROOT,
        "best after round %d of %d, %,d samples, %,.0f samples/s%n",
        result.bestRound(),
        result.rounds(),
        result.samples(),
        result.samplesPerSecond());
    if (ended.page() != null) {
      out.println("report: " + ended.page());
    }
  }
}
