package dev.eddy.jobs.train;

import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes a training record where it says. Into partition 0: the order of these records matters. */
final class TrainingRecordEncoder implements KafkaRecordSerializationSchema<TrainingRecord> {
  private static final long serialVersionUID = 1L;

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      TrainingRecord element, KafkaSinkContext context, Long timestamp) {
    return new ProducerRecord<>(element.topic(), 0, element.key(), element.value());
  }
}
