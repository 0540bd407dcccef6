package dev.eddy.jobs.io;

import dev.eddy.jobs.config.PipelineConfig;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * Sources of a pipeline's events. Only committed records are read; offsets live in Flink's
 * checkpoints and are committed to the consumer group, the pipeline's name, for people to look at;
 * new partitions are found while the job runs.
 */
public final class Sources {
  private Sources() {}

  /**
   * Events from {@code source.start} on, without end. A job restored from a checkpoint goes on from
   * there instead.
   */
  public static KafkaSource<Parsed> events(PipelineConfig config) {
    return KafkaSource.<Parsed>builder()
        .setProperties(
            KafkaClients.properties(config.kafka(), Map.of("isolation.level", "read_committed")))
        .setTopics(config.topic("events"))
        .setGroupId(config.name())
        .setClientIdPrefix(config.name() + "-events")
        .setStartingOffsets(start(config.source().start()))
        .setDeserializer(new EventDeserializer(config.source()))
        .build();
  }

  /**
   * Where reading starts.
   *
   * @param start {@code earliest}, {@code latest}, {@code committed} (else earliest), or an ISO
   *     instant, which is compared with the Kafka records' own time stamps
   */
  @SuppressWarnings(
      "deprecation") // Kafka's enum is on its way out; the connector still asks for it
  static OffsetsInitializer start(String start) {
    return switch (start) {
      case "earliest" -> OffsetsInitializer.earliest();
      case "latest" -> OffsetsInitializer.latest();
      case "committed" -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
      default -> OffsetsInitializer.timestamp(instant(start));
    };
  }

  private static long instant(String text) {
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "source.start must be earliest, latest, committed or an instant such as 2026-01-31T00:00:00Z, not '"
              + text
              + "'",
          e);
    }
  }
}
