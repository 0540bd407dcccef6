package dev.eddy.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedFlink;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.jobs.history.History;
import dev.eddy.jobs.history.LoadedHistory;
import dev.eddy.jobs.registry.Location;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.registry.ModelRegistry;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.model.Model;
import dev.eddy.model.model.ModelFile;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastTraining;
import dev.eddy.model.train.LocalTraining;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RpcOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Training from a topic to the models topic, on a real broker and a mini cluster. */
@Timeout(120)
class TrainJobIT {
  private static final long HOUR = 3_600_000L;
  private static final int METERS = 6;
  private static final int HOURS = 24 * 30;
  private static EmbeddedKafka kafka;
  private static EmbeddedFlink flink;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start();
    flink = EmbeddedFlink.start(2);
    kafka.createTopic("meters", 3, Map.of());
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (int hour = 0; hour < HOURS; hour++) {
        for (int meter = 0; meter < METERS; meter++) {
          send(producer, "meters", meter % 3, "m" + meter, hour * HOUR, reading(meter, hour));
        }
        if (hour % 100 == 50) {
          send(producer, "meters", 1, "m1", (hour - 5) * HOUR, 1e9); // late: never to be learned
          producer.send(
              new ProducerRecord<>("meters", 0, null, "not json".getBytes(StandardCharsets.UTF_8)));
        }
      }
    }
  }

  @AfterAll
  static void stop() {
    flink.close();
    kafka.close();
  }

  @Test
  void anyParallelismPublishesTheModelOfLocalTraining() throws Exception {
    List<TrainProgress> heard = new ArrayList<>();
    PipelineConfig one = config("one", "training.parallelism=1");
    PipelineConfig two = config("two", "training.parallelism=2");
    TrainResult result = TrainJob.run(one, TrainOptions.NONE, flink.environment(), heard::add);
    assertThat(result.reason()).startsWith("published");
    assertThat(result.published()).isTrue();
    assertThat(result.version()).isEqualTo(1);
    assertThat(result.metrics().get("mase")).isLessThan(result.metrics().get("mase-naive-24"));
    assertThat(result.samplesPerSecond()).isPositive();
    assertThat(heard).extracting(TrainProgress::round).isSorted().contains(1, result.rounds());
    assertThat(heard)
        .extracting(TrainProgress::phase)
        .contains(TrainProgress.Phase.TRAINING)
        .endsWith(TrainProgress.Phase.DONE);

    assertThat(
            TrainJob.run(two, TrainOptions.NONE, flink.environment(), ProgressListener.NONE)
                .published())
        .isTrue();
    float[] local = local(one);
    assertThat(live(one).weights()).containsExactly(local);
    assertThat(live(two).weights()).containsExactly(local);
    assertThat(live(one).provenance()).containsEntry("data.entities", Integer.toString(METERS));
  }

  @Test
  void theLiveModelIsOneMoreBar() throws Exception {
    PipelineConfig config = config("again", "training.rounds=1");
    TrainResult result = train(config, TrainOptions.NONE);
    assertThat(result.reason()).endsWith("; no model was live");
    Model first = live(config);
    assertThat(first.provenance()).containsEntry("gate.decision", result.reason());

    TrainResult same = train(config, TrainOptions.NONE);
    assertThat(same.published()).as("as good as the live one is enough").isTrue();
    assertThat(same.version()).isEqualTo(2);
    assertThat(same.swapEpoch()).isEqualTo(2);
    assertThat(same.metrics().get("mase-live"))
        .as("the same weights on the same steps")
        .isEqualTo(same.metrics().get("mase"));
    assertThat(same.reason()).contains("of the live model (version 1): +0.0 %");
    assertThat(live(config).provenance())
        .containsKey("gate.mase-live")
        .hasEntrySatisfying("gate.live", text -> assertThat(text).startsWith("version 1, sha256 "))
        .doesNotContainKey("parent");

    PipelineConfig strict = config("again", "training.rounds=1", "training.live-margin=60%");
    TrainResult refused = train(strict, TrainOptions.NONE);
    assertThat(refused.published()).isFalse();
    assertThat(refused.reason()).startsWith("refused").contains("-60.0 % asked for");
    TrainResult forced = train(strict, new TrainOptions(true, true));
    assertThat(forced.published()).isTrue();
    assertThat(forced.version()).isEqualTo(3);
    assertThat(forced.reason()).startsWith("published by force");
    assertThat(live(config).provenance())
        .containsEntry("gate.forced", "true")
        .containsKey("parent");
    assertThat(live(config).weights()).isNotEqualTo(first.weights());
  }

  @Test
  void aModelTooLargeForARecordIsPublishedInChunks() throws Exception {
    PipelineConfig config =
        config(
            "large",
            "training.rounds=1",
            "training.local-steps=1",
            "network=[{lstm: {units: 224}}]");
    assertThat(train(config, new TrainOptions(false, true)).published()).isTrue();
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      assertThat(registry.list(config.name()))
          .singleElement()
          .satisfies(entry -> assertThat(entry.location()).isInstanceOf(Location.Chunks.class));
    }
    assertThat(live(config).weights()).hasSizeGreaterThan(200_000);
  }

  @Test
  void aLiveModelOfAnotherTaskIsNamedAndNotCompared() throws Exception {
    assertThat(train(config("other", "training.rounds=1"), TrainOptions.NONE).published()).isTrue();
    PipelineConfig shorter =
        config("other", "training.rounds=1", "forecast.horizon=3", "network=[{lstm: {units: 4}}]");
    List<TrainProgress> heard = new ArrayList<>();
    TrainResult result =
        TrainJob.run(shorter, new TrainOptions(true, false), flink.environment(), heard::add);
    assertThat(heard.get(0).message()).contains("network has changed").contains("afresh");
    assertThat(result.reason())
        .startsWith("published")
        .contains("the live model (version 1) is not compared: it forecasts 6 steps ahead, not 3");

    PipelineConfig wider = config("other", "training.rounds=1", "forecast.horizon=3");
    assertThat(train(wider, TrainOptions.NONE).reason())
        .as("another network is compared")
        .contains("of the live model (version 2)");
  }

  @Test
  void aRefitTakesInAllDataAndIsRecorded() throws Exception {
    List<RoundReport> rounds = new ArrayList<>();
    List<RunHeader> headers = new ArrayList<>();
    ProgressListener listener =
        new ProgressListener() {
          @Override
          public void progress(TrainProgress progress) {}

          @Override
          public void header(RunHeader header) {
            headers.add(header);
          }

          @Override
          public void round(RoundReport round) {
            rounds.add(round);
          }
        };
    PipelineConfig config = config("refit", "training.refit=true", "training.rounds=3");
    TrainResult result = TrainJob.run(config, TrainOptions.NONE, flink.environment(), listener);
    assertThat(result.reason()).startsWith("published").contains("; refit on all data (");
    Model model = live(config);
    assertThat(model.provenance())
        .containsEntry("training.refit-rounds", Integer.toString(result.bestRound()))
        .containsEntry("training.dropped", "0");
    PipelineConfig plain = config("no-refit", "training.rounds=3");
    assertThat(train(plain, TrainOptions.NONE).bestRound()).isEqualTo(result.bestRound());
    boolean taken = model.provenance().get("training.refit").equals("published");
    assertThat(Arrays.equals(model.weights(), live(plain).weights())).isEqualTo(!taken);

    assertThat(headers).hasSize(1);
    assertThat(headers.get(0).slots()).isNotEmpty();
    assertThat(headers.get(0).data()).containsEntry("data.entities", Integer.toString(METERS));
    assertThat(rounds).extracting(RoundReport::stage).contains("train", "refit");
    RoundReport first = rounds.get(0);
    assertThat(first.round()).isEqualTo(1);
    assertThat(first.shards()).hasSize(3);
    for (RoundReport.Slot slot : first.slots()) {
      assertThat(slot.compute() + slot.transfer() + slot.idle())
          .isCloseTo(first.seconds(), within(1e-6));
    }
  }

  @Test
  void moreShardsThanSeriesTrainAllTheSame() throws Exception {
    PipelineConfig config =
        config("many", "training.shards=40", "training.chunk=400", "training.rounds=1");
    assertThat(train(config, TrainOptions.NONE).published()).isTrue();
  }

  @Test
  void aModelThatTheGateRefusesLeavesNoRecord() throws Exception {
    PipelineConfig config = config("refused", "training.margin=0.99", "training.rounds=1");
    TrainResult result = train(config, TrainOptions.NONE);
    assertThat(result.published()).isFalse();
    assertThat(result.reason()).startsWith("refused").contains("99");
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      assertThat(registry.list(config.name())).isEmpty();
      assertThat(registry.nextEpoch(config.name())).isEqualTo(1);
    }
  }

  @Test
  void whatCannotWorkIsRefusedBeforeAnythingStarts() {
    PipelineConfig wide = config("wide", "network=[{lstm: {units: 4096}}]");
    assertThatThrownBy(
            () -> TrainJob.run(wide, TrainOptions.NONE, flink.environment(), ProgressListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weights")
        .hasMessageContaining("make 'network' smaller");
    Configuration small = new Configuration();
    small.set(RpcOptions.FRAMESIZE, "5000b");
    assertThatThrownBy(
            () ->
                TrainJob.run(
                    config("frame"),
                    TrainOptions.NONE,
                    flink.environment(small),
                    ProgressListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pekko.framesize");
    PipelineConfig missing = config("missing", "source.topic=no-such-topic");
    assertThatThrownBy(
            () ->
                TrainJob.run(
                    missing, TrainOptions.NONE, flink.environment(), ProgressListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no topic 'no-such-topic'");
    PipelineConfig empty = config("empty", "training.start=2030-01-01T00:00:00Z");
    assertThatThrownBy(() -> train(empty, TrainOptions.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("training.start");
  }

  @Test
  void aHistoryThatCannotBeTrainedOnFailsTheJobWithOneMessage() throws Exception {
    kafka.createTopic("short", 1, Map.of());
    kafka.createTopic("scattered", 2, Map.of());
    kafka.createTopic("constant", 1, Map.of());
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (int hour = 0; hour < HOURS; hour++) {
        if (hour < 10) {
          send(producer, "short", 0, "m", hour * HOUR, hour);
        }
        send(producer, "scattered", hour % 2, "m", hour * HOUR, reading(0, hour));
        send(producer, "constant", 0, "m", hour * HOUR, 5);
      }
    }
    assertFails(config("fails-column", "target=kw"), "bad");
    assertFails(
        config("fails-rate", "training.learning-rate=10", "training.weight-decay=10"),
        "Lower the learning rate");
    assertFails("short", "cannot be trained on");
    assertFails("constant", "constant");
    assertFails("scattered", "partitions");
  }

  private static void assertFails(String topic, String message) {
    assertFails(config("fails-" + topic, "source.topic=" + topic), message);
  }

  private static void assertFails(PipelineConfig config, String message) {
    assertThatThrownBy(
            () ->
                TrainJob.run(config, TrainOptions.NONE, flink.environment(), ProgressListener.NONE))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageContaining(message);
  }

  private static TrainResult train(PipelineConfig config, TrainOptions options) throws Exception {
    return TrainJob.run(config, options, flink.environment(), ProgressListener.NONE);
  }

  private static PipelineConfig config(String name, String... overrides) {
    String yaml =
        """
        name: %s
        kafka: {bootstrap: '%s'}
        source: {topic: meters, entity: meter, time: {field: ts}}
        target: kwh
        forecast: {horizon: 6, step: 1h, quantiles: [0.1, 0.5, 0.9], seasons: [24], skip: linear, lookback: 48, warmup: 48}
        network: [{lstm: {units: 8}}]
        training: {shards: 3, rounds: 6, local-steps: 12, batch: 8, chunk: 24, warmup: 48, validation: 20%%, gate: 20%%, learning-rate: 0.01, patience: 9}
        """
            .formatted(name, kafka.bootstrap());
    return ConfigLoader.parse(yaml, overrides);
  }

  /** A daily wave, a slower one that the daily naive runs after, and a little noise. */
  private static double reading(int meter, int hour) {
    double day = StrictMath.sin(2 * StrictMath.PI * (hour + meter) / 24);
    double week = StrictMath.sin(2 * StrictMath.PI * hour / (24 * 7.0));
    long noise = (hour * 7919L + meter * 104_729L) * 2_654_435_761L;
    return StrictMath.pow(10, meter % 3)
        * (9 + 3 * day + 2 * week + ((noise >>> 16) % 1000) / 5000.0);
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", kafka.bootstrap());
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer,
      String topic,
      int partition,
      String meter,
      long time,
      double value) {
    String json = "{\"meter\":\"%s\",\"ts\":%d,\"kwh\":%s}".formatted(meter, time, value);
    producer.send(
        new ProducerRecord<>(
            topic,
            partition,
            meter.getBytes(StandardCharsets.UTF_8),
            json.getBytes(StandardCharsets.UTF_8)));
  }

  private static Model live(PipelineConfig config) throws Exception {
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      ModelRef ref = registry.live(config.name()).model().orElseThrow();
      return ModelFile.read(registry.fetch(ref));
    }
  }

  /** The same run in this thread. */
  private static float[] local(PipelineConfig config) {
    LoadedHistory history = History.load(config, History.resolve(config));
    assertThat(history.late()).isEqualTo(HOURS / 100);
    assertThat(history.bad()).isEqualTo(HOURS / 100);
    PipelineConfig.Training training = config.training();
    ForecastTraining.Cut cut =
        ForecastTraining.Cut.of(
            config.forecast(), history.series(), training.validation(), training.gate());
    ForecastTraining plan =
        new ForecastTraining(config.forecast(), training.spec(), cut, history.series());
    float[] start = ForecastNetwork.build(config.forecast()).initialWeights(training.spec().seed());
    return LocalTraining.run(
            plan.setup(KernelSelection.kernels()), plan.shards(), start, 1, progress -> {})
        .weights();
  }
}
