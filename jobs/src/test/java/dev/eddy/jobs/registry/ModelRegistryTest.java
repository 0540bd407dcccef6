package dev.eddy.jobs.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.config.PipelineConfig.Kafka;
import dev.eddy.jobs.embedded.EmbeddedFlink;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Publishing, going live, rolling back, retiring, and what is refused, on a real broker. */
class ModelRegistryTest {
  private static final byte[] FILE = "not really a model".getBytes(UTF_8);
  private static final byte[] OTHER = "another one".getBytes(UTF_8);

  private static EmbeddedKafka broker;
  private static Kafka kafka;

  @BeforeAll
  static void start() {
    broker = EmbeddedKafka.start();
    kafka = new Kafka(broker.bootstrap(), Map.of());
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      assertThat(registry.live("nobody")).isEqualTo(new ModelRegistry.Live(Optional.empty(), 0));
      registry.ensureTopic();
      registry.ensureTopic();
    }
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static void sendRaw(String key, String value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  PipelineConfig.MODELS_TOPIC,
                  0,
                  key.getBytes(UTF_8),
                  value == null ? null : value.getBytes(UTF_8)))
          .get();
    }
  }

  @Test
  void publishesPromotesAndRollsBack() throws Exception {
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      ModelRef first = registry.publish("roll", FILE, Map.of("mase", "0.8"), true);
      assertThat(first.version()).isEqualTo(1);
      assertThat(first.swapEpoch()).isEqualTo(1);
      assertThat(registry.live("roll").model()).contains(first);

      ModelRef second = registry.publish("roll", OTHER, Map.of(), false);
      assertThat(second.version()).isEqualTo(2);
      assertThat(registry.live("roll").model()).contains(first);
      assertThat(registry.promote("roll", 2).swapEpoch()).isEqualTo(2);
      assertThat(registry.nextEpoch("roll")).isEqualTo(3);
      assertThat(registry.nextVersion("roll")).isEqualTo(3);

      ModelRef back = registry.promote("roll", 1);
      assertThat(back.swapEpoch()).isEqualTo(3);
      assertThat(registry.live("roll").model()).contains(back);
      assertThat(registry.fetch(back)).isEqualTo(FILE);
      assertThat(registry.fetch(second)).isEqualTo(OTHER);
      assertThat(registry.find("roll", 2)).contains(second);
      assertThat(registry.names()).contains("roll");
      assertThat(registry.list("roll"))
          .containsExactly(
              new ModelRegistry.Entry(back, new Location.Inline(), Map.of("mase", "0.8"), true),
              new ModelRegistry.Entry(second, new Location.Inline(), Map.of(), false));
    }
  }

  @Test
  void retiresWhatIsNotLive() throws Exception {
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      ModelRef first = registry.publish("old", FILE, Map.of(), true);
      assertThatThrownBy(() -> registry.retire("old", 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("live");
      registry.publish("old", OTHER, Map.of(), true);
      registry.retire("old", 1);
      assertThat(registry.find("old", 1)).isEmpty();
      assertThat(registry.list("old")).hasSize(1);
      assertThatThrownBy(() -> registry.promote("old", 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[2]");
      // The broker has not compacted yet: a reference of before still leads to the bytes.
      assertThat(registry.fetch(first)).isEqualTo(FILE);
      assertThat(registry.nextVersion("old")).isEqualTo(3);
    }
  }

  @Test
  void refusesReferencesThatDoNotFit() throws Exception {
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      ModelRef good = registry.publish("fit", FILE, Map.of(), true);
      assertThatThrownBy(
              () -> registry.fetch(with(good, "00".repeat(32), good.size(), good.offset())))
          .isInstanceOf(BadModelException.class)
          .hasMessageContaining("sha256");
      assertThatThrownBy(() -> registry.fetch(with(good, good.sha256(), 1, good.offset())))
          .isInstanceOf(BadModelException.class)
          .hasMessageContaining("bytes");
      assertThatThrownBy(
              () -> registry.fetch(with(good, "00".repeat(32), good.size(), good.offset() + 1)))
          .isInstanceOf(BadModelException.class)
          .hasMessageContaining("another model");
      ModelRef never = new ModelRef("fit", 9, 1, good.sha256(), good.size(), 0, 1_000_000);
      assertThatThrownBy(() -> registry.fetch(never))
          .isInstanceOf(BadModelException.class)
          .hasMessageContaining("no longer");
      assertThatThrownBy(() -> new ModelStore(config("fit")).load(good))
          .isInstanceOf(BadModelException.class);
    }
  }

  @Test
  void findsAVersionWhereItWasPublishedAgainAfterTheFirstRecordWasCompactedAway() throws Exception {
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      ModelRef first = registry.publish("twice", FILE, Map.of(), true);
      Manifest manifest =
          new Manifest("twice", 1, first.sha256(), first.size(), new Location.Inline(), Map.of());
      sendRaw("model/twice/1", new String(ModelRecords.manifest(manifest, FILE), UTF_8));
      // Behind manifest and pointer is the mark of the transaction: an offset without a record, as
      // compaction leaves it.
      ModelRef compacted = with(first, first.sha256(), first.size(), first.offset() + 2);
      assertThat(registry.fetch(compacted)).isEqualTo(FILE);
      assertThat(registry.fetch(with(first, first.sha256(), first.size(), 1_000_000)))
          .isEqualTo(FILE);
      registry.publish("twice", OTHER, Map.of(), true);
      registry.retire("twice", 1);
      assertThatThrownBy(() -> registry.fetch(compacted))
          .isInstanceOf(BadModelException.class)
          .hasMessageContaining("retired");
    }
  }

  private static ModelRef with(ModelRef ref, String sha256, int size, long offset) {
    return new ModelRef(ref.name(), ref.version(), ref.swapEpoch(), sha256, size, 0, offset);
  }

  private static ModelRef withoutEpoch(ModelRef ref) {
    return ref.withEpoch(0);
  }

  @Test
  void goesOnPastRecordsThatDoNotFit() throws Exception {
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      ModelRef good = registry.publish("past", FILE, Map.of(), true);
      long from = registry.live("past").endOffset();
      sendRaw("live/past", "{\"format\":1,\"version\":1,\"swapEpoch\":0}");
      sendRaw("live/past", "{\"format\":3,\"version\":1,\"swapEpoch\":9}");
      sendRaw("live/past", null);
      sendRaw("who/knows", "x");
      sendRaw("model/past/7", "{\"format\":1,\"name\":\"past\",\"version\":8}");
      assertThat(registry.live("past").model()).contains(good);
      ModelRef next = registry.publish("past", OTHER, Map.of(), true);
      assertThat(next.swapEpoch()).isEqualTo(2);
      assertThat(followed(from))
          .containsExactly(
              new ModelRecord.Published(withoutEpoch(next)),
              new ModelRecord.Pointed("past", 2, 2, next.sha256(), List.of(1)));
    }
  }

  private static PipelineConfig config(String name) {
    return ConfigLoader.parse(
        "name: " + name + "\nnetwork: []\n", "kafka.bootstrap=" + broker.bootstrap());
  }

  /** What a job sees of this test's pipeline from an offset on. */
  private static List<ModelRecord> followed(long from) throws Exception {
    List<ModelRecord> seen = new ArrayList<>();
    try (EmbeddedFlink flink = EmbeddedFlink.start(1);
        CloseableIterator<ModelRecord> records =
            flink
                .environment()
                .fromSource(
                    ModelSource.boundedFrom(config("past"), from),
                    WatermarkStrategy.noWatermarks(),
                    "models")
                .executeAndCollect()) {
      records.forEachRemaining(record -> addIfOf("past", record, seen));
    }
    return seen;
  }

  private static void addIfOf(String name, ModelRecord record, List<ModelRecord> seen) {
    if (record.name().equals(name)) {
      seen.add(record);
    }
  }

  @Test
  void saysThatKafkaCannotBeReached() {
    Kafka nobody =
        new Kafka(
            "127.0.0.1:1", Map.of("default.api.timeout.ms", "500", "request.timeout.ms", "400"));
    try (ModelRegistry registry = ModelRegistry.open(nobody)) {
      assertThatThrownBy(() -> registry.live("x"))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("127.0.0.1:1")
          .hasMessageContaining("is Kafka running there");
    }
  }
}
