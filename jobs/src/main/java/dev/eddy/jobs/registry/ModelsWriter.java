package dev.eddy.jobs.registry;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.config.PipelineConfig.Kafka;
import dev.eddy.jobs.io.KafkaClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes to the models topic in transactions of one pipeline, one after the other. Whoever opens
 * another for the same pipeline ends what this one has begun: its next call fails.
 */
final class ModelsWriter implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;

  private ModelsWriter(KafkaProducer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /** A writer for a pipeline; what an earlier one left open is ended when this returns. */
  static ModelsWriter open(Kafka kafka, String name) {
    Properties properties =
        KafkaClients.properties(
            kafka,
            Map.of(
                "transactional.id",
                PipelineConfig.MODELS_TOPIC + "-" + name,
                "transaction.timeout.ms",
                Integer.toString(ModelsTopic.TRANSACTION_MILLIS)));
    properties.putIfAbsent("max.block.ms", Integer.toString(ModelsTopic.TIMEOUT_MILLIS));
    ModelsWriter writer =
        new ModelsWriter(
            new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()));
    try {
      writer.producer.initTransactions();
      return writer;
    } catch (KafkaException e) {
      writer.close();
      throw e;
    }
  }

  /** Writes all or none; gives the offset of the first. */
  long commit(List<TopicRecord> records) {
    producer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (TopicRecord record : records) {
      sent.add(
          producer.send(
              new ProducerRecord<>(PipelineConfig.MODELS_TOPIC, 0, record.key(), record.value())));
    }
    long first = offset(sent.get(0));
    // Fails where one of the others did.
    producer.commitTransaction();
    return first;
  }

  private static long offset(Future<RecordMetadata> sent) {
    try {
      return sent.get().offset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while writing", e);
    } catch (ExecutionException e) {
      throw new KafkaException(e.getCause().getMessage(), e.getCause());
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
