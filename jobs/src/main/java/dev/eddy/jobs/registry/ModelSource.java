package dev.eddy.jobs.registry;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.io.KafkaClients;
import java.util.Map;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.common.TopicPartition;

/** Sources that follow the models topic. They carry no event time: use them without watermarks. */
public final class ModelSource {
  private ModelSource() {}

  /**
   * All records from an offset on, without end.
   *
   * @param offset where the registry had been read to when the job's first model was looked up
   */
  public static KafkaSource<ModelRecord> from(PipelineConfig config, long offset) {
    return builder(config, offset).build();
  }

  /** The records from an offset to what is there when the job first starts: for bounded runs. */
  public static KafkaSource<ModelRecord> boundedFrom(PipelineConfig config, long offset) {
    return builder(config, offset).setBounded(OffsetsInitializer.latest()).build();
  }

  private static KafkaSourceBuilder<ModelRecord> builder(PipelineConfig config, long offset) {
    TopicPartition partition = new TopicPartition(PipelineConfig.MODELS_TOPIC, 0);
    return KafkaSource.<ModelRecord>builder()
        .setProperties(
            KafkaClients.properties(config.kafka(), Map.of("isolation.level", "read_committed")))
        .setTopics(PipelineConfig.MODELS_TOPIC)
        .setGroupId(config.name())
        .setClientIdPrefix(config.name() + "-models")
        .setStartingOffsets(OffsetsInitializer.offsets(Map.of(partition, offset)))
        .setDeserializer(new ModelRecordDeserializer());
  }
}
