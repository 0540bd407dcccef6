package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.terminal.ProgressBar;
import dev.eddy.jobs.train.TrainJob;
import dev.eddy.jobs.train.TrainOptions;
import dev.eddy.jobs.train.TrainResult;
import dev.eddy.jobs.train.TrainingFailedException;
import java.io.PrintStream;
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
      "Exit code 0: published. 1: failed, or refused by the gate. Ctrl-C cancels the job."
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

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public Integer call() throws TrainingFailedException, InterruptedException {
    PipelineConfig config = pipeline.load(eddy, data);
    try (FlinkTarget flink = FlinkTarget.of(cluster, config.training().parallelism(), eddy.err());
        ProgressBar bar = ProgressBar.on(eddy.err())) {
      Preflight.check(config, Preflight.Use.TRAIN, eddy.err());
      TrainResult result = run(config, flink, bar);
      bar.close();
      print(config, result, eddy.out());
      return result.published() ? Failures.DONE : Failures.FAILED;
    }
  }

  private TrainResult run(PipelineConfig config, FlinkTarget flink, ProgressBar bar)
      throws TrainingFailedException, InterruptedException {
    if (flink.kind() != FlinkTarget.Kind.REMOTE) {
      return submit(config, flink, bar);
    }
    // A job on another machine would go on, and publish.
    try (InterruptOnExit exit =
        new InterruptOnExit("eddy: cancelling the training job", eddy.err())) {
      return submit(config, flink, bar);
    }
  }

  private TrainResult submit(PipelineConfig config, FlinkTarget flink, ProgressBar bar)
      throws TrainingFailedException, InterruptedException {
    try {
      TrainOptions options = new TrainOptions(warmStart, force);
      return TrainJob.run(config, options, flink.environment(), bar::show);
    } catch (IllegalArgumentException e) {
      // The contract of TrainJob: thrown before anything is submitted, naming the setting.
      throw new ConfigException(e.getMessage());
    }
  }

  private void print(PipelineConfig config, TrainResult result, PrintStream out) {
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
      Json.print(object, out);
      return;
    }
    out.printf(
        Locale.ROOT,
        "%s version %d: %s%n",
        config.name(),
        result.version(),
        result.published() ? "published" : "not published");
    out.println(result.reason());
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
  }
}
