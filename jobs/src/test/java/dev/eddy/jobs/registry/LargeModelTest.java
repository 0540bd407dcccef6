package dev.eddy.jobs.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.config.PipelineConfig.Kafka;
import dev.eddy.jobs.config.PipelineConfig.Models;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.model.kernel.Rng;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that do not fit into their manifest, and versions that somebody tries to change. */
class LargeModelTest {
  private static final int SIZE = 2 * ModelRecords.CHUNK_BYTES + 5;

  private static EmbeddedKafka broker;
  private static Kafka kafka;

  @BeforeAll
  static void start() {
    broker = EmbeddedKafka.start();
    kafka = new Kafka(broker.bootstrap(), Map.of());
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      registry.ensureTopic();
    }
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static byte[] file(long seed, int size) {
    Rng rng = new Rng(seed);
    byte[] file = new byte[size];
    for (int i = 0; i < size; i++) {
      file[i] = (byte) rng.nextInt(256);
    }
    return file;
  }

  /** What a writer without transactions does, as the sink of a training job. */
  private static void send(List<TopicRecord> records) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (TopicRecord record : records) {
        producer
            .send(
                new ProducerRecord<>(PipelineConfig.MODELS_TOPIC, 0, record.key(), record.value()))
            .get();
      }
    }
  }

  private static Publication chunked(String name, int version, byte[] file) {
    String sha256 = ModelRecords.sha256(file);
    Manifest manifest =
        new Manifest(name, version, sha256, file.length, Publication.inTopic(file), Map.of());
    return Publication.of(
        manifest, file, new ModelRecord.Pointed(name, version, version, sha256, List.of()));
  }

  @Test
  void aLargeModelGoesInChunksBeforeItsManifest() throws Exception {
    byte[] file = file(1, SIZE);
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      ModelRef ref = registry.publish("large", file, Map.of(), true);
      assertThat(registry.fetch(ref)).isEqualTo(file);
      assertThat(registry.list("large").get(0).location()).hasToString("in 3 chunks");
      assertThat(registry.live("large").model()).contains(ref);
      byte[] inline = file(2, ModelRecords.MAX_INLINE_BYTES);
      ModelRef second = registry.publish("large", inline, Map.of(), true);
      assertThat(registry.fetch(second)).isEqualTo(inline);
      assertThat(registry.list("large").get(1).location()).isEqualTo(new Location.Inline());
    }
  }

  @Test
  void chunksAreFoundWhereverTheyStandAndHoweverOften() throws Exception {
    byte[] file = file(3, SIZE);
    Publication whole = chunked("moved", 1, file);
    List<TopicRecord> backwards = new ArrayList<>(whole.chunks());
    Collections.reverse(backwards);
    send(backwards);
    send(List.of(new TopicRecord(ModelRecords.chunkKey("moved", 1, 9), new byte[3])));
    send(List.of(whole.manifest()));
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      ModelRef first = registry.find("moved", 1).orElseThrow();
      assertThat(registry.fetch(first)).isEqualTo(file);
      // Published again, as after a failure: what compaction leaves stands elsewhere.
      send(whole.all());
      ModelRef compacted = new ModelRef("moved", 1, 1, first.sha256(), SIZE, 0, 1_000_000);
      assertThat(registry.fetch(compacted)).isEqualTo(file);
      // Nor does somebody who writes other bytes under the key do harm while the right ones are
      // there.
      send(List.of(new TopicRecord(ModelRecords.chunkKey("moved", 1, 0), new byte[3])));
      assertThat(registry.fetch(first)).isEqualTo(file);
    }
  }

  @Test
  void aChunkThatIsMissingOrAnotherIsNamed() throws Exception {
    Publication missing = chunked("broken", 1, file(4, SIZE));
    send(List.of(missing.chunks().get(0), missing.chunks().get(2), missing.manifest()));
    Publication changed = chunked("broken", 2, file(5, SIZE));
    byte[] tampered = changed.chunks().get(2).value().clone();
    tampered[0] ^= 1;
    send(changed.chunks().subList(0, 2));
    send(List.of(new TopicRecord(changed.chunks().get(2).key(), tampered), changed.manifest()));
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      assertThatThrownBy(() -> registry.fetch(registry.find("broken", 1).orElseThrow()))
          .isInstanceOf(BadModelException.class)
          .hasMessageContaining("chunk 1 of 3 of version 1 of broken is missing");
      assertThatThrownBy(() -> registry.fetch(registry.find("broken", 2).orElseThrow()))
          .isInstanceOf(BadModelException.class)
          .hasMessageContaining("chunk 2 of 3 of version 2 of broken is not the one");
    }
  }

  @Test
  void chunksThatFitTheManifestButNotItsHashOrSizeAreRefused() throws Exception {
    byte[] file = file(6, SIZE);
    Location chunks = Publication.inTopic(file);
    String wrong = "00".repeat(32);
    String right = ModelRecords.sha256(file);
    for (Manifest manifest :
        List.of(
            new Manifest("lying", 1, wrong, SIZE, chunks, Map.of()),
            new Manifest("lying", 2, right, SIZE + 1, chunks, Map.of()),
            new Manifest("lying", 3, right, SIZE - 1, chunks, Map.of()))) {
      send(Publication.of(manifest, file, null).all());
    }
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      assertThatThrownBy(() -> registry.fetch(registry.find("lying", 1).orElseThrow()))
          .isInstanceOf(BadModelException.class)
          .hasMessageContaining("sha256");
      assertThatThrownBy(() -> registry.fetch(registry.find("lying", 2).orElseThrow()))
          .isInstanceOf(BadModelException.class)
          .hasMessageContaining("bytes, the reference says");
      assertThatThrownBy(() -> registry.fetch(registry.find("lying", 3).orElseThrow()))
          .isInstanceOf(BadModelException.class)
          .hasMessageContaining("chunk 2 of 3");
    }
  }

  @Test
  void aVersionCannotBeOverwrittenAndItsNumberNotGivenAgain() throws Exception {
    byte[] file = file(7, SIZE);
    byte[] other = file(8, 100);
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      ModelRef first = registry.publish("fast", file, Map.of(), true);
      send(List.of(chunked("fast", 1, other).manifest()));
      assertThat(registry.live("fast").model()).contains(first);
      assertThat(registry.fetch(first)).isEqualTo(file);

      ModelRef second = registry.publish("fast", other, Map.of(), true);
      registry.retire("fast", 1);
      assertThat(registry.find("fast", 1)).isEmpty();
      // Deleted by tombstones; until the broker compacts, the bytes are there still.
      send(List.of(chunked("fast", 1, other).manifest()));
      assertThat(registry.find("fast", 1)).isEmpty();
      assertThat(registry.nextVersion("fast")).isEqualTo(3);
      assertThat(registry.live("fast").model()).contains(second);
      assertThatThrownBy(() -> registry.publish("../fast", other, Map.of(), true))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cannot be the name of a model");
    }
  }

  @Test
  void aRollbackGoesBackOneVersionEachTime() {
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      for (int i = 1; i <= 3; i++) {
        registry.publish("back", file(i, 10), Map.of(), true);
      }
      assertThat(registry.beforeLive("back").orElseThrow().version()).isEqualTo(2);
      assertThat(registry.rollback("back").version()).isEqualTo(2);
      ModelRef first = registry.rollback("back");
      assertThat(first.version()).isEqualTo(1);
      assertThat(first.swapEpoch()).isEqualTo(5);
      assertThat(registry.live("back").model()).contains(first);
      assertThat(registry.beforeLive("back")).isEmpty();
      assertThatThrownBy(() -> registry.rollback("back"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no version of 'back' was live before");
    }
  }

  @Test
  void aTrainersRecordsArePublishedOnceHoweverOftenItTries() throws Exception {
    byte[] file = file(9, SIZE);
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      List<TopicRecord> records = registry.publication("trainer", 1, 1, file, Map.of("a", "b"));
      assertThat(records).hasSize(5);
      assertThat(records).allSatisfy(r -> assertThat(r.value()).hasSizeLessThan(1_000_000));
      send(records.subList(0, 4)); // fails before the pointer is out, and begins again
      assertThat(registry.live("trainer").model()).isEmpty();
      send(registry.publication("trainer", 1, 1, file, Map.of("a", "b")));
      assertThat(registry.fetch(registry.live("trainer").model().orElseThrow())).isEqualTo(file);
      assertThat(registry.publication("trainer", 1, 1, file, Map.of("a", "b"))).isEmpty();
      assertThatThrownBy(() -> registry.publication("trainer", 1, 1, file(1, 9), Map.of()))
          .isInstanceOf(VersionTakenException.class)
          .hasMessageContaining("version 1 with swap epoch 1");
      registry.promote("trainer", 1);
      assertThatThrownBy(() -> registry.publication("trainer", 2, 2, file(1, 9), Map.of()))
          .isInstanceOf(VersionTakenException.class);
    }
  }

  @Test
  void whatIsTooLargeForTheTopicGoesToTheStore(@TempDir Path disk) throws Exception {
    byte[] file = new byte[ModelRecords.MAX_CHUNKED_BYTES + 1];
    String uri = disk.toUri().toString();
    Models store = new Models(uri, List.of(uri));
    assertThat(ModelRegistry.largest(store)).isEqualTo(1 << 30);
    ModelRef ref;
    try (ModelRegistry registry = ModelRegistry.open(kafka, store)) {
      ref = registry.publish("huge", file, Map.of(), true);
      assertThat(registry.fetch(ref)).hasSize(file.length);
      assertThat(registry.list("huge").get(0).location().toString())
          .isEqualTo("at file:" + disk + "/huge/" + ref.sha256() + ".eddy");
    }
    try (ModelRegistry registry = ModelRegistry.open(kafka)) {
      assertThatThrownBy(() -> registry.publish("huge", file, Map.of(), true))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at most 67108864")
          .hasMessageContaining("models.store");
      assertThatThrownBy(() -> registry.fetch(ref))
          .isInstanceOf(BadModelException.class)
          .hasMessageContaining("models.allowed");
    }
    Files.write(disk.resolve("huge").resolve(ref.sha256() + ".eddy"), "short".getBytes(UTF_8));
    try (ModelRegistry registry = ModelRegistry.open(kafka, store)) {
      assertThatThrownBy(() -> registry.fetch(ref))
          .isInstanceOf(BadModelException.class)
          .hasMessageContaining("has 5 bytes");
    }
  }
}
