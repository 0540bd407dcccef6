package dev.eddy.jobs.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedFlink;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.jobs.io.EventDeserializer;
import dev.eddy.jobs.io.EventFormat;
import dev.eddy.jobs.io.InputPosition;
import dev.eddy.jobs.io.LiveScore;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.jobs.io.PredictionFormat;
import dev.eddy.jobs.io.ScoreFormat;
import dev.eddy.jobs.io.StreamTypes;
import dev.eddy.jobs.serve.Bits;
import dev.eddy.jobs.serve.OfflinePass;
import dev.eddy.jobs.serve.StepSettings;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.task.forecast.Forecast;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The first promise of the design, on a real broker and a real cluster: what a job committed,
 * through checkpoints, a failure, swaps and a restore at another parallelism, equals an offline
 * pass over the same events and the recorded swaps, bit for bit, and every input came out exactly
 * once.
 */
class ReplayIdentityIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ENTITIES = 20;
  private static final int PART = 400;

  private static EmbeddedKafka kafka;
  private static EmbeddedFlink flink;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start();
    flink =
        EmbeddedFlink.start(
            new EmbeddedFlink.Options(
                1,
                4,
                0,
                Map.of(
                    "restart-strategy.type", "fixed-delay",
                    "restart-strategy.fixed-delay.attempts", "3",
                    "restart-strategy.fixed-delay.delay", "100 ms")));
  }

  @AfterAll
  static void stop() {
    flink.close();
    kafka.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "4, 1"})
  void committedOutputEqualsAnOfflinePass(int before, int after) throws Exception {
    PipelineConfig config = TestPipeline.config(kafka, "replay-from-" + before, before);
    TestPipeline.publish(config);
    try (Topics topics = Topics.create(kafka, config, 4)) {
      Feed feed = new Feed(topics, before);
      feed.send(PART);
      JobClient job = start(config, null);
      awaitAnswers(topics, feed);
      checkpoint(job);

      swap(config, topics, feed);
      checkpoint(job);

      // Between the last checkpoint and the failure: seen, used, and not committed.
      swap(config, topics, feed);
      awaitAnswers(topics, feed);
      int thrown = Fault.THROWN.get();
      Fault.ARMED.set(true);
      feed.send(PART);
      await().atMost(PATIENCE).until(() -> Fault.THROWN.get() == thrown + 1);
      String savepoint = stop(topics, feed, job);

      JobClient restored = start(TestPipeline.config(kafka, config.name(), after), savepoint);
      feed.send(PART);
      stop(topics, feed, restored);
      verify(config, topics, feed);
    }
  }

  /** Starts the job as {@code eddy serve} does, with a fault put between source and step. */
  private static JobClient start(PipelineConfig config, String savepoint) throws Exception {
    Configuration settings = new Configuration();
    if (savepoint != null) {
      settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    StreamExecutionEnvironment env = flink.environment(settings);
    ForecastJob job = ForecastJob.of(config);
    job.configure(env);
    job.connect(
        job.events(env).map(new Fault()).returns(StreamTypes.PARSED).uid("fault").name("fault"),
        job.models(env));
    return env.executeAsync(config.name());
  }

  private static void checkpoint(JobClient job) throws Exception {
    flink
        .cluster()
        .triggerCheckpoint(job.getJobID(), CheckpointType.CONFIGURED)
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Publishes a version and feeds events until it answers some of them. */
  private static void swap(PipelineConfig config, Topics topics, Feed feed) {
    int version = TestPipeline.publish(config).version();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              feed.send(PART / 10);
              return predictions(config, topics.anything("predictions")).stream()
                  .anyMatch(p -> p.forecast().modelVersion() == version);
            });
  }

  /**
   * Waits until everything sent has come out, committed or not. Before any failure: nothing comes
   * out twice.
   */
  private static void awaitAnswers(Topics topics, Feed feed) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                topics.anything("predictions").size() + topics.anything("late").size()
                    == feed.sent());
  }

  /**
   * Checkpoints until everything sent has come out committed, and stops the job with a savepoint.
   */
  private static String stop(Topics topics, Feed feed, JobClient job) throws Exception {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions() // no checkpoint while the job restarts
        .until(
            () -> {
              checkpoint(job);
              return topics.committed("predictions").size() + topics.committed("late").size()
                  >= feed.sent();
            });
    return job.stopWithSavepoint(
            false,
            flink.directory().resolve("savepoints").toUri().toString(),
            SavepointFormatType.CANONICAL)
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void verify(PipelineConfig config, Topics topics, Feed feed) throws IOException {
    List<Parsed.Event> events = events(config, topics);
    List<Prediction> predictions = predictions(config, topics.committed("predictions"));
    List<InputPosition> late = Topics.positions(topics.committed("late"));
    List<LiveScore> scores = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : topics.committed("scores")) {
      scores.add(ScoreFormat.read(record.value()));
    }
    assertThat(events).hasSize(feed.sent());
    assertThat(topics.committed("dead-letters")).isEmpty();
    accounts(events, predictions, late);

    OfflinePass offline = offline(config, events, predictions);
    assertThat(sorted(predictions)).isEqualTo(sorted(offline.predictions));
    assertThat(scores.stream().map(Bits::of).sorted())
        .containsExactlyElementsOf(offline.scores.stream().map(Bits::of).sorted().toList());
    assertThat(late)
        .containsExactlyInAnyOrderElementsOf(
            offline.late.stream().map(l -> l.event().position()).toList());

    assertThat(late).isNotEmpty();
    assertThat(scores).isNotEmpty();
    assertThat(predictions.stream().map(p -> p.forecast().modelVersion()).distinct())
        .containsExactlyInAnyOrder(1, 2, 3);
    assertThat(topics.anything("predictions"))
        .hasSizeGreaterThan(predictions.size()); // the failure cost some
    comparisonCanFail(events, predictions, late, sorted(offline.predictions));
  }

  private static void accounts(
      List<Parsed.Event> events, List<Prediction> predictions, List<InputPosition> late) {
    assertThat(Accounts.of(inputs(events), outputs(predictions, late)))
        .isEqualTo(new Accounts(0, 0, 0));
  }

  /** Had a record been lost, doubled or changed in a single bit, the test would have seen it. */
  private static void comparisonCanFail(
      List<Parsed.Event> events,
      List<Prediction> predictions,
      List<InputPosition> late,
      List<String> offline) {
    List<Prediction> dropped = predictions.subList(1, predictions.size());
    List<Prediction> doubled = new ArrayList<>(predictions);
    doubled.add(predictions.get(0));
    List<Prediction> changed = new ArrayList<>(predictions);
    float[] quantiles = predictions.get(0).forecast().quantiles().clone();
    quantiles[0] = Math.nextUp(quantiles[0]);
    Forecast forecast = predictions.get(0).forecast();
    changed.set(
        0,
        new Prediction(
            predictions.get(0).entity(),
            new Forecast(
                forecast.origin(),
                forecast.step(),
                forecast.warmup(),
                forecast.modelVersion(),
                forecast.swapEpoch(),
                quantiles),
            predictions.get(0).model(),
            predictions.get(0).input()));
    assertThat(Accounts.of(inputs(events), outputs(dropped, late)))
        .isEqualTo(new Accounts(1, 0, 0));
    assertThat(Accounts.of(inputs(events), outputs(doubled, late)))
        .isEqualTo(new Accounts(0, 1, 0));
    for (List<Prediction> wrong : List.of(dropped, doubled, changed)) {
      assertThat(sorted(wrong)).isNotEqualTo(offline);
    }
  }

  /**
   * One event at a time, batches of one, under the weights that each prediction says it was made
   * by.
   */
  private static OfflinePass offline(
      PipelineConfig config, List<Parsed.Event> events, List<Prediction> predictions) {
    Map<InputPosition, Forecast> recorded = new HashMap<>();
    predictions.forEach(p -> recorded.put(p.input(), p.forecast()));
    OfflinePass offline =
        new OfflinePass(StepSettings.of(config), version -> TestPipeline.model(config, version));
    for (Parsed.Event event : events) {
      Forecast forecast = recorded.get(event.position());
      // What has no prediction must turn out late, whatever weights are at hand.
      offline.apply(
          event,
          forecast == null ? 1 : forecast.modelVersion(),
          forecast == null ? 1 : forecast.swapEpoch());
    }
    return offline;
  }

  private static List<Parsed.Event> events(PipelineConfig config, Topics topics) {
    EventDeserializer deserializer = new EventDeserializer(config.source());
    return topics.committed("events").stream()
        .map(deserializer::parse)
        .map(Parsed.Event.class::cast)
        .toList();
  }

  private static List<Prediction> predictions(
      PipelineConfig config, List<ConsumerRecord<byte[], byte[]>> records) {
    PredictionFormat format = new PredictionFormat(config.forecast());
    List<Prediction> predictions = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        predictions.add(format.read(record.value()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return predictions;
  }

  private static List<String> sorted(List<Prediction> predictions) {
    return predictions.stream().map(Bits::of).sorted().toList();
  }

  private static List<InputPosition> inputs(List<Parsed.Event> events) {
    return events.stream().map(Parsed.Event::position).toList();
  }

  private static List<InputPosition> outputs(
      List<Prediction> predictions, List<InputPosition> late) {
    return Stream.concat(predictions.stream().map(Prediction::input), late.stream()).toList();
  }

  /**
   * Readings of some entities, on the whole in order of time; some late, some missing, some after a
   * long silence.
   */
  private static final class Feed {
    private final Topics topics;
    private final Rng random;
    private long clock = 1_700_000_000_000L;
    private int sent;

    Feed(Topics topics, long seed) {
      this.topics = topics;
      this.random = new Rng(seed);
    }

    void send(int count) {
      for (int i = 0; i < count; i++) {
        clock += random.nextInt(100) + (random.nextInt(200) == 0 ? 60_000 : 0);
        long time = clock - (random.nextInt(10) == 0 ? random.nextInt(8000) : 0);
        double value = random.nextInt(20) == 0 ? Double.NaN : 50 + 20 * random.nextDouble();
        String entity = "meter-" + random.nextInt(ENTITIES);
        topics.send(entity, time, EventFormat.write(entity, time, value));
      }
      topics.flush();
      sent += count;
    }

    int sent() {
      return sent;
    }
  }
}
