package dev.eddy.jobs.io;

import dev.eddy.jobs.config.PipelineConfig;
import java.util.Map;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;

/**
 * Sinks of a pipeline's outputs. With {@code delivery: exactly-once} each writes in transactions
 * that commit with the job's checkpoints, under ids that begin with {@code <name>-<kind>} and stay
 * the same over restarts, so that a restarted job ends what the one before left open. With {@code
 * at-least-once} records are written at once, and again after a failure.
 *
 * <p>Transactional ids are pooled and reused; with Kafka's access control the job needs to describe
 * its topics and transactional ids beside writing them.
 */
public final class Sinks {
  private Sinks() {}

  /** Forecasts, keyed by entity: {@link PredictionFormat}. */
  public static KafkaSink<Prediction> predictions(PipelineConfig config) {
    return sink(
        config, "predictions", new Encoders.OfPrediction(new PredictionFormat(config.forecast())));
  }

  /** Scores, keyed by entity: {@link ScoreFormat}. */
  public static KafkaSink<LiveScore> scores(PipelineConfig config) {
    return sink(config, "scores", new Encoders.OfScore());
  }

  /** Late events, keyed by entity: {@link LateFormat}. */
  public static KafkaSink<LateEvent> late(PipelineConfig config) {
    return sink(config, "late", new Encoders.OfLate());
  }

  /** Bad records: key and bytes as they came, the reason in headers. */
  public static KafkaSink<Parsed.BadRecord> deadLetters(PipelineConfig config) {
    return sink(config, "dead-letters", new Encoders.OfBadRecord());
  }

  private static <T> KafkaSink<T> sink(
      PipelineConfig config, String kind, OutputRecord.Encoder<T> encoder) {
    boolean exactlyOnce = config.serving().delivery().equals("exactly-once");
    String timeout = Long.toString(config.serving().transactionTimeoutMillis());
    return KafkaSink.<T>builder()
        .setKafkaProducerConfig(
            // The sink's own default of an hour is above what brokers allow by default.
            KafkaClients.properties(
                config.kafka(), exactlyOnce ? Map.of("transaction.timeout.ms", timeout) : Map.of()))
        .setBootstrapServers(config.kafka().bootstrap())
        .setDeliveryGuarantee(
            exactlyOnce ? DeliveryGuarantee.EXACTLY_ONCE : DeliveryGuarantee.AT_LEAST_ONCE)
        .setTransactionalIdPrefix(config.name() + "-" + kind)
        .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
        .setRecordSerializer(new OutputRecord<>(config.topic(kind), encoder))
        .build();
  }
}
