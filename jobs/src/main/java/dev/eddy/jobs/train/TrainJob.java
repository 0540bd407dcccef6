package dev.eddy.jobs.train;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.history.History;
import dev.eddy.jobs.history.UnusableHistoryException;
import dev.eddy.jobs.io.KafkaClients;
import dev.eddy.jobs.registry.ModelRegistry;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.model.Model;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.task.forecast.ForecastTraining;
import dev.eddy.model.train.Moments;
import dev.eddy.model.train.RoundCoordinator;
import dev.eddy.model.train.TrainingSetup;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Trains a model in one bounded Flink job and publishes it if it passes the gate.
 *
 * <p>Where the run stands reaches the submitting process through Kafka: the job writes a report of
 * every round, and at last the result, to the topic {@code <name>.training}, and the submitter
 * follows it. That works the same in one process, on a cluster and after a restart of either, and
 * leaves a history behind that anybody can read.
 */
public final class TrainJob {
  /** Checkpoints are small, and the end of a job waits for one. */
  private static final Duration CHECKPOINT = Duration.ofSeconds(2);

  /** Bytes that a model file may take beside its weights. */
  private static final int PROVENANCE_BYTES = 64 << 10;

  /** An array of Java ends at 2 GiB, and a checkpoint holds a little more than weights. */
  private static final long MAX_STATE_BYTES = 2_000_000_000;

  private TrainJob() {}

  /**
   * Submits the job, waits for its end, and says what came of it.
   *
   * @param config the pipeline
   * @param options what is asked of this run
   * @param env where to run, used for nothing else: its parallelism, checkpoints and restarts are
   *     set here. Modified
   * @param listener hears of every round
   * @throws IllegalArgumentException before anything is submitted, where the run cannot work:
   *     naming the setting
   * @throws dev.eddy.jobs.registry.RegistryException before anything is submitted, where Kafka
   *     cannot be reached
   * @throws TrainingFailedException where the job failed: history missing, too short or constant,
   *     broker gone
   * @throws InterruptedException where the waiting thread was interrupted; the job has been
   *     cancelled then
   */
  public static TrainResult run(
      PipelineConfig config,
      TrainOptions options,
      StreamExecutionEnvironment env,
      ProgressListener listener)
      throws TrainingFailedException, InterruptedException {
    ForecastRun run = prepare(config, options, listener);
    checkSizes(run, env.getConfiguration());
    try (ReportFeed feed = ReportFeed.open(config, run.target().run())) {
      build(run, env);
      return new TrainingWait(feed, listener).submit(env, "eddy train " + config.name());
    }
  }

  /** Settles what a run starts from and under what it will be published. */
  private static ForecastRun prepare(
      PipelineConfig config, TrainOptions options, ProgressListener listener) {
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      registry.ensureTopic();
      requireHistory(config);
      Incumbent live =
          registry.live(config.name()).model().map(ref -> Incumbent.of(config, ref)).orElse(null);
      String obstacle = options.warmStart() ? obstacle(config, live) : null;
      boolean warm = options.warmStart() && obstacle == null;
      if (obstacle != null) {
        listener.progress(message(obstacle + ": training starts afresh"));
      }
      Map<String, String> about = new LinkedHashMap<>();
      about.put("code", code());
      if (warm) {
        about.put("parent", live.ref().sha256());
      }
      ForecastRun.Target target =
          new ForecastRun.Target(
              UUID.randomUUID().toString(),
              registry.nextVersion(config.name()),
              registry.nextEpoch(config.name()),
              System.currentTimeMillis(),
              about);
      return new ForecastRun(config, target, live, new TrainOptions(warm, options.force()));
    }
  }

  /** Why training cannot start from the live model; null where it can. */
  private static String obstacle(PipelineConfig config, Incumbent live) {
    if (live == null) {
      return "there is no live model to start from";
    }
    Optional<Model> model = live.readable(config);
    if (model.isEmpty()) {
      return live.why();
    }
    boolean same =
        ForecastNetwork.build(config.forecast()).architectureHash()
            == model.get().network().architectureHash();
    return same ? null : "the network has changed since the live model was trained";
  }

  private static void requireHistory(PipelineConfig config) {
    try {
      History.resolve(config);
    } catch (UnusableHistoryException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String code() {
    String version = TrainJob.class.getPackage().getImplementationVersion();
    return version == null ? "unreleased" : version;
  }

  private static TrainProgress message(String text) {
    return new TrainProgress(
        TrainProgress.Phase.LOADING, 0, 0, Double.NaN, Double.NaN, 0, Double.NaN, Double.NaN, text);
  }

  /** Refuses a frame size that Flink would drop messages by, with no more than a line in a log. */
  static void checkFrame(ReadableConfig flink) {
    String misfit = Parts.misfit(flink, "this command");
    if (misfit != null) {
      throw new IllegalArgumentException(misfit);
    }
  }

  /** Sizes are looked at before any memory is taken for them. */
  static void checkSizes(ForecastRun run, ReadableConfig flink) {
    checkFrame(flink);
    ForecastSpec forecast = run.config().forecast();
    Network network = ForecastNetwork.build(forecast);
    TrainingSetup fits =
        new TrainingSetup(
            network, ForecastTraining.loss(forecast), run.spec(), KernelSelection.kernels());
    int count = fits.network().weightCount();
    long file = (long) count * Float.BYTES + PROVENANCE_BYTES;
    int largest = ModelRegistry.largest(run.config().models());
    if (file > largest) {
      throw new IllegalArgumentException(
          "the network has %,d weights, so that a model file takes about %,d bytes, at most %,d can be published: make 'network' smaller%s"
              .formatted(
                  count,
                  file,
                  largest,
                  run.config().models().store() == null ? ", or set models.store" : ""));
    }
    checkState(run, count);
  }

  /** A checkpoint keeps both coordinators of a run, in one array. */
  private static void checkState(ForecastRun run, int weightCount) {
    long once = RoundCoordinator.snapshotBytes(run.spec(), weightCount);
    long bytes = run.config().training().refit() ? 2 * once : once;
    if (bytes > MAX_STATE_BYTES) {
      boolean carried = run.spec().averaging().moments() == Moments.CARRY;
      throw new IllegalArgumentException(
          "a checkpoint of this run would have %,d bytes of weights and moments, at most %,d can be written: make 'network' smaller%s%s"
              .formatted(
                  bytes,
                  MAX_STATE_BYTES,
                  carried
                      ? ", lower training.shards, set training.moments to average or reset"
                      : "",
                  run.config().training().refit() ? ", or set training.refit to false" : ""));
    }
  }

  /** Sets up the environment and puts the job into it. */
  static void build(ForecastRun run, StreamExecutionEnvironment env) {
    PipelineConfig.Training training = run.config().training();
    env.configure(settings(training));
    env.enableCheckpointing(CHECKPOINT.toMillis());
    int shards = training.spec().shards();
    env.fromSource(
            new TrainingSource(run),
            WatermarkStrategy.noWatermarks(),
            "train",
            TrainingRecordSerializer.TYPE)
        .uid("train")
        .setParallelism(Math.min(training.parallelism(), shards))
        .setMaxParallelism(shards)
        .sinkTo(sink(run.config()))
        .uid("publish")
        .name("publish")
        .setParallelism(1)
        .setMaxParallelism(1);
  }

  private static Configuration settings(PipelineConfig.Training training) {
    Configuration settings = new Configuration();
    settings.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.STREAMING);
    if (training.maxRetries() == 0) {
      settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    } else {
      settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
      settings.set(
          RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, training.maxRetries());
      settings.set(
          RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
    }
    return settings;
  }

  /** At least once, in order: a repetition writes the same records under the same keys. */
  private static KafkaSink<TrainingRecord> sink(PipelineConfig config) {
    return KafkaSink.<TrainingRecord>builder()
        .setKafkaProducerConfig(
            KafkaClients.properties(
                config.kafka(), Map.of("acks", "all", "enable.idempotence", "true")))
        .setBootstrapServers(config.kafka().bootstrap())
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(new TrainingRecordEncoder())
        .build();
  }
}
