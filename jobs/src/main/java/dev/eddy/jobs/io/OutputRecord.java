package dev.eddy.jobs.io;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Makes Kafka records of one topic. They get no time stamp of their own, so that the broker's
 * retention counts from when they were written: an old event time would have them deleted at once.
 *
 * @param <T> what is written
 */
final class OutputRecord<T>
    implements KafkaRecordSerializationSchema<T>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1L;

  private final String topic;
  private final Encoder<T> encoder;

  /** A record's parts. */
  interface Encoder<T> extends Serializable {
    /** The key; null for none. */
    byte[] key(T element);

    /** The value; null for none. */
    byte[] value(T element);

    /** Adds headers. */
    void headers(T element, Headers headers);
  }

  OutputRecord(String topic, Encoder<T> encoder) {
    this.topic = topic;
    this.encoder = encoder;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      T element, KafkaSinkContext context, Long timestamp) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, null, null, encoder.key(element), encoder.value(element));
    encoder.headers(element, record.headers());
    return record;
  }

  /** The topic, which the sink must know to find transactions that an earlier run left open. */
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(
            DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic)), new Properties()));
  }

  static void header(Headers headers, String name, Object value) {
    headers.add(name, value.toString().getBytes(StandardCharsets.UTF_8));
  }

  static void position(Headers headers, InputPosition position) {
    header(headers, "topic", position.topic());
    header(headers, "partition", position.partition());
    header(headers, "offset", position.offset());
  }
}
