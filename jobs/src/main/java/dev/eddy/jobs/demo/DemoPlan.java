package dev.eddy.jobs.demo;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.FileNames;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.history.UnusableHistoryException;
import dev.eddy.model.train.TrainingSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a demo will do, settled before anything starts: the pipeline as the demo runs it, the
 * readings, and the sizes.
 *
 * @param pipeline with JSON records on its topic, whatever the file looks like, and short
 *     checkpoints
 * @param readings what is streamed
 * @param file whether the readings come from a file
 * @param rate records per second, 0 as fast as it goes; null where the demo paces a file itself
 * @param seed of the simulator and the training
 */
record DemoPlan(PipelineConfig pipeline, Readings readings, boolean file, Integer rate, long seed) {
  private static final String BUILT_IN = "/dev/eddy/jobs/demo/demo.yaml";

  /** Whoever watches wants to see results soon: with exactly-once they come a checkpoint later. */
  private static final long CHECKPOINT_MILLIS = 1000;

  /** What is shown is a swap: a model trained again may be a little worse than the live one. */
  private static final double LIVE_MARGIN = -0.2;

  private static final int SUBTASKS = 2;
  private static final PipelineConfig.Demo DEFAULTS = new PipelineConfig.Demo(1344, 300, 2000);

  /**
   * Settles what the options leave open.
   *
   * @throws ConfigException where what is asked cannot be done
   */
  static DemoPlan of(DemoOptions options) {
    PipelineConfig given = load(options);
    PipelineConfig.Demo sizes = given.demo() == null ? DEFAULTS : given.demo();
    List<String> files =
        options.data() != null ? List.of(options.data().toString()) : given.source().files();
    long seed = options.seed() == null ? given.training().spec().seed() : options.seed();
    int entities = options.entities() == null ? sizes.entities() : options.entities();
    try {
      Readings readings =
          files.isEmpty()
              ? new MeterSimulator(entities, sizes.history(), seed, fields(given.source()))
              : new FileReplay(
                  given.source().withFiles(FileNames.absolute(files)), sizes.history());
      Integer rate =
          options.rate() != null || !files.isEmpty() ? options.rate() : (Integer) sizes.rate();
      return new DemoPlan(pipeline(given, seed), readings, !files.isEmpty(), rate, seed);
    } catch (IllegalArgumentException | UnusableHistoryException | UncheckedIOException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private static PipelineConfig load(DemoOptions options) {
    if (options.config() != null) {
      return ConfigLoader.load(options.config(), List.of(), warning -> {});
    }
    if (options.data() != null) {
      throw new ConfigException(
          "--data needs --config: the pipeline says which columns of "
              + options.data()
              + " hold what");
    }
    try (InputStream in = DemoPlan.class.getResourceAsStream(BUILT_IN)) {
      return ConfigLoader.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The pipeline's own names, so that its file serves the demo and a real topic alike; of columns
   * there are none.
   */
  private static Outgoing.Fields fields(PipelineConfig.Source s) {
    return s.melt().isEmpty()
        ? new Outgoing.Fields(s.entity(), s.time().field(), s.value())
        : Outgoing.Fields.PLAIN;
  }

  private static PipelineConfig pipeline(PipelineConfig given, long seed) {
    PipelineConfig.Source s = given.source();
    Outgoing.Fields fields = fields(s);
    PipelineConfig.Source json =
        new PipelineConfig.Source(
            s.topic(),
            List.of(),
            "json",
            fields.entity(),
            List.of(),
            fields.value(),
            new PipelineConfig.Time(fields.time(), "epoch-millis", "UTC"),
            "earliest",
            s.maxAheadMillis(),
            s.maxBytes());
    PipelineConfig.Serving v = given.serving();
    PipelineConfig.Serving serving =
        new PipelineConfig.Serving(
            v.delivery(),
            Math.min(v.checkpointMillis(), CHECKPOINT_MILLIS),
            v.swap(),
            v.batchSize(),
            v.lingerMillis(),
            v.maxDelayMillis(),
            v.gapReset(),
            v.parallelism() == 0 ? SUBTASKS : v.parallelism(),
            v.maxParallelism(),
            v.transactionTimeoutMillis());
    return given
        .withSource(json)
        .withServing(serving)
        .withTraining(training(given.training(), seed));
  }

  /** At least two slots: what is shown is training with averaging. */
  private static PipelineConfig.Training training(PipelineConfig.Training t, long seed) {
    TrainingSpec spec = t.spec().withShardsAndSeed(Math.max(t.spec().shards(), SUBTASKS), seed);
    return new PipelineConfig.Training(
        spec,
        t.validation(),
        t.gate(),
        Math.max(t.parallelism(), SUBTASKS),
        t.margin(),
        Math.min(t.liveMargin(), LIVE_MARGIN),
        t.refit(),
        t.stragglers(),
        t.memoryBytes(),
        "earliest",
        "latest",
        Map.of(),
        0);
  }

  /** The pipeline on a broker. */
  PipelineConfig on(String bootstrap) {
    return pipeline.withKafka(new PipelineConfig.Kafka(bootstrap, Map.of()));
  }

  /** The pipeline on a broker, reading from the tail of the history that warms the states up. */
  PipelineConfig serving(String bootstrap) {
    PipelineConfig.Source s = pipeline.source();
    return on(bootstrap)
        .withSource(
            new PipelineConfig.Source(
                s.topic(),
                s.files(),
                s.format(),
                s.entity(),
                s.melt(),
                s.value(),
                s.time(),
                Instant.ofEpochMilli(warmupStart()).toString(),
                s.maxAheadMillis(),
                s.maxBytes()));
  }

  /**
   * Event time from which the job reads: enough readings for the warm-up, and a day for those that
   * are missing.
   */
  long warmupStart() {
    int warmup = pipeline.forecast().warmup();
    return readings.liveStart()
        - (warmup + Math.max(24, warmup / 8)) * pipeline.forecast().stepMillis();
  }
}
