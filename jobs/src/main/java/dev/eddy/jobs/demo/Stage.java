package dev.eddy.jobs.demo;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedFlink;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.jobs.embedded.PortInUseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The broker and the cluster of a demo, with the topics it needs. Closing it leaves no file behind.
 */
final class Stage implements AutoCloseable {
  /** Partitions of the events topic and of every output. */
  static final int PARTITIONS = 4;

  private static final int KAFKA_PORT = 9092;
  private static final int WEB_PORT = 8081;

  /** Nothing is ever deleted by age: event times lie years back. */
  private static final Map<String, String> FOREVER =
      Map.of("retention.ms", "-1", "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));

  /**
   * What the demo itself reads at once need not be kept long: the disk of who tries it out is
   * finite.
   */
  private static final Map<String, String> BOUNDED =
      Map.of(
          "retention.bytes", Long.toString(64L << 20), "segment.bytes", Long.toString(16L << 20));

  /** Sizes are checked by default every five minutes, in which a lot can come together. */
  private static final Map<String, String> BROKER =
      Map.of("log.retention.check.interval.ms", "10000", "log.segment.delete.delay.ms", "1000");

  private final EmbeddedKafka kafka;
  private final EmbeddedFlink flink;

  private Stage(EmbeddedKafka kafka, EmbeddedFlink flink) {
    this.kafka = kafka;
    this.flink = flink;
  }

  /**
   * Starts broker and cluster and makes the topics.
   *
   * @param port the broker's; null for the usual one, or any other where that is taken
   * @param config names the topics and how many slots are needed
   * @param say hears what the user should know
   * @throws PortInUseException where the port asked for is taken
   */
  static Stage start(Integer port, PipelineConfig config, Consumer<String> say) {
    EmbeddedKafka kafka = kafka(port, say);
    EmbeddedFlink flink = null;
    try {
      topics(kafka, config);
      int slots = config.training().parallelism() + config.serving().parallelism();
      flink = flink(slots);
      return new Stage(kafka, flink);
    } finally {
      if (flink == null) {
        kafka.close();
      }
    }
  }

  private static EmbeddedKafka kafka(Integer port, Consumer<String> say) {
    if (port != null) {
      return EmbeddedKafka.start(port, BROKER);
    }
    try {
      return EmbeddedKafka.start(KAFKA_PORT, BROKER);
    } catch (PortInUseException e) {
      EmbeddedKafka other = EmbeddedKafka.start(0, BROKER);
      say.accept(
          "port " + KAFKA_PORT + " is in use; the broker listens on " + other.port() + " instead");
      return other;
    }
  }

  private static EmbeddedFlink flink(int slots) {
    try {
      return EmbeddedFlink.start(new EmbeddedFlink.Options(1, slots, WEB_PORT, Map.of()));
    } catch (PortInUseException e) {
      return EmbeddedFlink.start(new EmbeddedFlink.Options(1, slots, 0, Map.of()));
    }
  }

  private static void topics(EmbeddedKafka kafka, PipelineConfig config) {
    kafka.createTopic(config.topic("events"), PARTITIONS, FOREVER);
    Map<String, String> outputs = new HashMap<>(FOREVER);
    outputs.putAll(BOUNDED);
    for (String kind : List.of("predictions", "scores", "late", "dead-letters")) {
      kafka.createTopic(config.topic(kind), PARTITIONS, outputs);
    }
    kafka.createTopic(
        PipelineConfig.MODELS_TOPIC,
        1,
        Map.of("cleanup.policy", "compact", "max.message.bytes", Integer.toString(2 << 20)));
  }

  /** Where clients connect. */
  String bootstrap() {
    return kafka.bootstrap();
  }

  /** The cluster. */
  EmbeddedFlink flink() {
    return flink;
  }

  @Override
  public void close() {
    try {
      flink.close();
    } finally {
      kafka.close();
    }
  }
}
