package dev.eddy.jobs.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.config.PipelineConfig.Kafka;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What is left of a model, and of its protection, once a broker has compacted the topic. */
class CompactionTest {
  private static final TopicPartition MODELS = new TopicPartition(PipelineConfig.MODELS_TOPIC, 0);

  private static void send(EmbeddedKafka broker, List<TopicRecord> records) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (TopicRecord r : records) {
        producer.send(new ProducerRecord<>(MODELS.topic(), 0, r.key(), r.value())).get();
      }
    }
  }

  /** Offsets of the records that stand under a key. */
  private static List<Long> offsets(EmbeddedKafka broker, String key) {
    List<Long> offsets = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrap()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(MODELS));
      consumer.seekToBeginning(List.of(MODELS));
      long end = consumer.endOffsets(List.of(MODELS)).get(MODELS);
      while (consumer.position(MODELS) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          if (new String(record.key(), UTF_8).equals(key)) {
            offsets.add(record.offset());
          }
        }
      }
    }
    return offsets;
  }

  /** Fills segments, since the last one is never compacted, until one record is left of the key. */
  private static void compact(EmbeddedKafka broker, String key) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              byte[] filler = new byte[ModelRecords.CHUNK_BYTES];
              byte[] other = ModelRecords.chunkKey("filler", 1, 0);
              send(broker, List.of(new TopicRecord(other, filler), new TopicRecord(other, filler)));
              return offsets(broker, key).size() == 1;
            });
  }

  @Test
  void whatCompactionLeavesIsEnoughAndTellsAnOverwrittenVersion() throws Exception {
    Map<String, String> eager =
        Map.of(
            "log.segment.bytes", "1048576",
            "log.cleaner.backoff.ms", "100",
            "log.cleaner.min.cleanable.ratio", "0");
    try (EmbeddedKafka broker = EmbeddedKafka.start(0, eager);
        ModelRegistry registry = ModelRegistry.open(new Kafka(broker.bootstrap(), Map.of()))) {
      registry.ensureTopic();
      byte[] file = new byte[ModelRecords.CHUNK_BYTES + 1];
      ModelRef first = registry.publish("load", file, Map.of(), true);

      // A trainer repeats itself: the records that a job remembers go, the same bytes are found.
      Manifest manifest =
          new Manifest("load", 1, first.sha256(), file.length, Publication.inTopic(file), Map.of());
      send(broker, Publication.of(manifest, file, null).all());
      compact(broker, "model/load/1");
      compact(broker, "model/load/1/chunk/0");
      assertThat(offsets(broker, "model/load/1").get(0)).isGreaterThan(first.offset());
      assertThat(registry.fetch(first)).isEqualTo(file);
      assertThat(registry.live("load").model().orElseThrow().sha256()).isEqualTo(first.sha256());

      // Somebody overwrites the version, and the first manifest goes: the pointer knows better.
      byte[] other = {1, 2, 3};
      String hash = ModelRecords.sha256(other);
      Manifest forged = new Manifest("load", 1, hash, 3, new Location.Inline(), Map.of());
      send(broker, Publication.of(forged, other, null).all());
      compact(broker, "model/load/1");
      assertThat(registry.live("load").model()).isEmpty();
      assertThat(registry.find("load", 1)).isEmpty();
      assertThatThrownBy(() -> registry.fetch(first)).isInstanceOf(BadModelException.class);

      // A retired version's number stays taken, though nothing else is left of it.
      ModelRef second = registry.publish("load", other, Map.of(), false);
      registry.retire("load", second.version());
      compact(broker, "model/load/2");
      assertThat(registry.publish("load", file, Map.of(), true).version()).isEqualTo(3);
    }
  }
}
