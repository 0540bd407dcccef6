package dev.eddy.jobs.registry;

import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the models topic for a job. A record that does not fit is skipped with a line in the log
 * and counted ({@code badModelRecords}); it never fails the job, which goes on with the model it
 * has. Chunks are for whoever fetches the model.
 */
public final class ModelRecordDeserializer
    implements KafkaRecordDeserializationSchema<ModelRecord> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ModelRecordDeserializer.class);

  private transient Counter bad;

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    bad = context.getMetricGroup().counter("badModelRecords", new SimpleCounter());
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ModelRecord> out) {
    if (ModelRecords.isChunk(record.key())) {
      return;
    }
    ModelRecord decoded;
    try {
      decoded =
          ModelRecords.decode(record.key(), record.value(), record.partition(), record.offset());
    } catch (BadModelException | RuntimeException e) {
      if (bad != null) {
        bad.inc();
      }
      LOG.warn(
          "models topic {}, partition {}, offset {}: skipped a record that does not fit: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
      return;
    }
    out.collect(decoded);
  }

  @Override
  public TypeInformation<ModelRecord> getProducedType() {
    return ModelRecordSerializer.TYPE;
  }
}
