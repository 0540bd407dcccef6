package dev.eddy.jobs.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedFlink;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.jobs.io.EventDeserializer;
import dev.eddy.jobs.io.InputPosition;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.jobs.io.PredictionFormat;
import dev.eddy.jobs.registry.ModelRecords;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.registry.ModelRegistry;
import dev.eddy.jobs.serve.Bits;
import dev.eddy.jobs.serve.OfflinePass;
import dev.eddy.jobs.serve.StepSettings;
import dev.eddy.model.model.ModelFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a running job does with input that it cannot use: says why, in the right place, and goes on
 * undisturbed.
 */
class BadInputIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long START = 1_700_000_000_000L;
  private static final int BIG = 5 << 20;

  private static EmbeddedKafka kafka;
  private static EmbeddedFlink flink;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start(0, Map.of("message.max.bytes", String.valueOf(8 << 20)));
    flink =
        EmbeddedFlink.start(2); // a job that fails is not restarted: nothing here may make it fail
  }

  @AfterAll
  static void stop() {
    flink.close();
    kafka.close();
  }

  /** A record, and the reason it is expected to be put aside with; null where it is a good one. */
  private record Sent(String key, String value, String reason) {}

  @Test
  void badRecordsGoToDeadLettersWithTheirReasonAndTheRestIsUnaffected() throws Exception {
    PipelineConfig config = TestPipeline.config(kafka, "bad-input", 2);
    TestPipeline.publish(config);
    List<Sent> sent = new ArrayList<>();
    try (Topics topics = Topics.create(kafka, config, 1)) {
      List<Sent> bad = bad();
      for (int i = 0; i < 60; i++) {
        sent.add(good("a", i));
        sent.add(good("b", i));
        if (i < bad.size()) {
          sent.add(bad.get(i));
        }
      }
      sent.add(new Sent("a", json("a", START, "1"), "late"));
      for (Sent record : sent) {
        topics.send(
            record.key(),
            START + 60_000,
            record.value() == null ? null : record.value().getBytes(StandardCharsets.UTF_8));
      }
      topics.flush();
      JobClient job = serve(config);
      awaitAll(topics, job, sent.size());
      job.cancel().get();
      verify(config, topics, sent);
    }
  }

  @Test
  void aBadModelIsRefusedAndTheOldOneGoesOn() throws Exception {
    PipelineConfig config = TestPipeline.config(kafka, "bad-model", 2);
    TestPipeline.publish(config);
    try (Topics topics = Topics.create(kafka, config, 1);
        ModelRegistry registry = ModelRegistry.open(config)) {
      JobClient job = serve(config);
      byte[] file = ModelFile.write(TestPipeline.model(config, 2));
      file[file.length / 2] ^= 1;
      registry.publish(config.name(), file, Map.of(), true); // damaged before it was published
      registry.publish(
          config.name(),
          ModelFile.write(TestPipeline.model(config, 203)),
          Map.of(),
          true); // another horizon
      ModelRef good =
          registry.publish(
              config.name(), ModelFile.write(TestPipeline.model(config, 4)), Map.of(), true);
      List<Integer> versions = new ArrayList<>();
      int[] sent = {0};
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                Sent next = good("a", sent[0]++);
                topics.send(
                    next.key(), START + 600_000, next.value().getBytes(StandardCharsets.UTF_8));
                topics.flush();
                versions.clear();
                for (Prediction p : predictions(config, topics.anything("predictions"))) {
                  versions.add(p.forecast().modelVersion());
                }
                return versions.contains(good.version());
              });
      assertThat(versions).doesNotContain(2, 3);
      assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
      job.cancel().get();
    }
  }

  private static List<Sent> bad() {
    String time = String.valueOf(START + 1000);
    return List.of(
        new Sent("a", "{\"entity\":\"a\",", "malformed"),
        new Sent("a", "not json at all", "malformed"),
        new Sent("a", "[1,2,3]", "malformed"),
        new Sent("a", null, "empty"),
        new Sent("a", "{\"entity\":\"a\",\"time\":" + time + "}", "missing-field"),
        new Sent("a", json("a", START, "\"high\""), "wrong-type"),
        new Sent("a", json("a", START, "true"), "wrong-type"),
        new Sent("a", json("a", START, "NaN"), "not-a-number"),
        new Sent("a", "{\"entity\":null,\"time\":" + time + ",\"value\":1}", "null-entity"),
        new Sent("a", "{\"entity\":\"a\",\"time\":\"soon\",\"value\":1}", "wrong-type"),
        new Sent("a", json("a", START + 86_400_000L, "1"), "time-ahead"),
        new Sent("a", json("a", -5, "1"), "time-absurd"),
        new Sent("a", json("a", Long.MAX_VALUE, "1"), "time-absurd"),
        new Sent("b", "{\"pad\":\"" + "x".repeat(BIG) + "\"}", "too-large"),
        // An unknown field is no reason: producers may add some.
        new Sent(
            "c", "{\"entity\":\"c\",\"time\":" + time + ",\"value\":1,\"colour\":\"red\"}", null));
  }

  private static Sent good(String entity, int i) {
    return new Sent(entity, json(entity, START + 1000L * i, String.valueOf(20 + i % 4)), null);
  }

  private static String json(String entity, long time, String value) {
    return "{\"entity\":\"" + entity + "\",\"time\":" + time + ",\"value\":" + value + "}";
  }

  private static JobClient serve(PipelineConfig config) throws Exception {
    StreamExecutionEnvironment env = flink.environment();
    ForecastJob.of(config).build(env);
    return env.executeAsync(config.name());
  }

  private static void awaitAll(Topics topics, JobClient job, int count) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              assertThat(job.getJobStatus().get()).isNotIn(JobStatus.FAILED, JobStatus.FAILING);
              if (job.getJobStatus().get() == JobStatus.RUNNING) {
                flink
                    .cluster()
                    .triggerCheckpoint(job.getJobID(), CheckpointType.CONFIGURED)
                    .handle((id, e) -> id)
                    .get();
              }
              return Stream.of("predictions", "late", "dead-letters")
                      .mapToInt(kind -> topics.committed(kind).size())
                      .sum()
                  == count;
            });
  }

  private static void verify(PipelineConfig config, Topics topics, List<Sent> sent)
      throws IOException {
    Map<Long, String> expected = new TreeMap<>(); // by offset: one partition, sent in order
    for (int i = 0; i < sent.size(); i++) {
      if (sent.get(i).reason() != null) {
        expected.put((long) i, sent.get(i).reason());
      }
    }
    Map<Long, String> reasons = new TreeMap<>();
    for (String kind : List.of("late", "dead-letters")) {
      for (ConsumerRecord<byte[], byte[]> record : topics.committed(kind)) {
        reasons.put(
            Long.parseLong(Topics.header(record, "offset")), Topics.header(record, "reason"));
      }
    }
    assertThat(reasons).isEqualTo(expected);

    ConsumerRecord<byte[], byte[]> big =
        topics.committed("dead-letters").stream()
            .filter(r -> "too-large".equals(Topics.header(r, "reason")))
            .findFirst()
            .orElseThrow();
    int at =
        sent.indexOf(
            sent.stream().filter(s -> "too-large".equals(s.reason())).findFirst().orElseThrow());
    byte[] original = sent.get(at).value().getBytes(StandardCharsets.UTF_8);
    assertThat(Topics.header(big, "length")).isEqualTo(String.valueOf(original.length));
    assertThat(Topics.header(big, "sha256")).isEqualTo(ModelRecords.sha256(original));
    assertThat(original).startsWith(big.value());
    assertThat(big.value().length).isLessThan(1 << 20);

    unaffected(config, topics, sent);
  }

  /** The good events' predictions are those of a stream that had nothing else in it. */
  private static void unaffected(PipelineConfig config, Topics topics, List<Sent> sent)
      throws IOException {
    OfflinePass offline =
        new OfflinePass(StepSettings.of(config), version -> TestPipeline.model(config, version));
    EventDeserializer deserializer = new EventDeserializer(config.source());
    for (ConsumerRecord<byte[], byte[]> record : topics.committed("events")) {
      if (sent.get((int) record.offset()).reason() == null) {
        offline.apply((Parsed.Event) deserializer.parse(record), 1, 1);
      }
    }
    List<Prediction> predictions = predictions(config, topics.committed("predictions"));
    assertThat(predictions.stream().map(Bits::of).sorted())
        .containsExactlyElementsOf(offline.predictions.stream().map(Bits::of).sorted().toList());
    List<InputPosition> outputs =
        new ArrayList<>(predictions.stream().map(Prediction::input).toList());
    outputs.addAll(Topics.positions(topics.committed("late")));
    outputs.addAll(Topics.positions(topics.committed("dead-letters")));
    List<InputPosition> inputs =
        topics.committed("events").stream()
            .map(r -> new InputPosition(r.topic(), r.partition(), r.offset()))
            .toList();
    assertThat(Accounts.of(inputs, outputs)).isEqualTo(new Accounts(0, 0, 0));
  }

  private static List<Prediction> predictions(
      PipelineConfig config, List<ConsumerRecord<byte[], byte[]>> records) throws IOException {
    PredictionFormat format = new PredictionFormat(config.forecast());
    List<Prediction> predictions = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      predictions.add(format.read(record.value()));
    }
    return predictions;
  }
}
