package dev.eddy.jobs.forecast;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.jobs.io.InputPosition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A pipeline's topics from the outside: what a test sends and what it gets to read. */
final class Topics implements AutoCloseable {
  private static final int MAX_BYTES = 8 << 20;

  private final PipelineConfig config;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<Future<RecordMetadata>> sending = new ArrayList<>();

  /**
   * Makes the pipeline's topics; the events topic takes records far larger than the pipeline does.
   */
  static Topics create(EmbeddedKafka kafka, PipelineConfig config, int partitions) {
    kafka.createTopic(
        config.topic("events"), partitions, Map.of("max.message.bytes", String.valueOf(MAX_BYTES)));
    for (String kind : List.of("predictions", "scores", "late", "dead-letters")) {
      kafka.createTopic(config.topic(kind), 2, Map.of());
    }
    return new Topics(config);
  }

  private Topics(PipelineConfig config) {
    this.config = config;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                config.kafka().bootstrap(),
                "max.request.size",
                MAX_BYTES,
                "enable.idempotence",
                true),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Sends a record to the events topic; {@link #flush()} waits for it. */
  void send(String key, long timestamp, byte[] value) {
    byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    sending.add(
        producer.send(new ProducerRecord<>(config.topic("events"), null, timestamp, bytes, value)));
  }

  /** Waits until all is sent; fails where something could not be. */
  void flush() {
    producer.flush();
    for (Future<RecordMetadata> sent : sending) {
      try {
        sent.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("the broker refused a record", e);
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while sending", e);
      }
    }
    sending.clear();
  }

  /** Everything in a topic of the pipeline that is committed, in the order of its partitions. */
  List<ConsumerRecord<byte[], byte[]>> committed(String kind) {
    return read(kind, "read_committed");
  }

  /** Everything in a topic, committed or not or never. */
  List<ConsumerRecord<byte[], byte[]>> anything(String kind) {
    return read(kind, "read_uncommitted");
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String kind, String isolation) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                config.kafka().bootstrap(),
                "isolation.level",
                isolation,
                "fetch.max.wait.ms",
                20),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(config.topic(kind)).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }

  /** The inputs that records came from, by their headers. */
  static List<InputPosition> positions(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .map(
            record ->
                new InputPosition(
                    header(record, "topic"),
                    Integer.parseInt(header(record, "partition")),
                    Long.parseLong(header(record, "offset"))))
        .toList();
  }

  /** A header as text; null if there is none. */
  static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close();
  }
}
