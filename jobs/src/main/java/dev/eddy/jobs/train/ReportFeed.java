package dev.eddy.jobs.train;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.io.KafkaClients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows one run's reports from where the topic ended before the run was submitted. */
final class ReportFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReportFeed.class);

  private final String run;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;

  private ReportFeed(String run, KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
    this.run = run;
    this.consumer = consumer;
    this.partition = partition;
  }

  /**
   * A feed that will see every report of a run not yet submitted. Makes the topic where it is
   * missing.
   */
  static ReportFeed open(PipelineConfig config, String run) throws InterruptedException {
    String topic = Reports.topic(config.name());
    ensure(config, topic);
    Map<String, String> required =
        Map.of(
            "enable.auto.commit", "false",
            "auto.offset.reset", "earliest",
            "client.id", config.name() + "-training-reports");
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            KafkaClients.properties(config.kafka(), required),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    TopicPartition partition = new TopicPartition(topic, 0);
    consumer.assign(List.of(partition));
    consumer.seek(partition, consumer.endOffsets(List.of(partition)).get(partition));
    return new ReportFeed(run, consumer, partition);
  }

  private static void ensure(PipelineConfig config, String topic) throws InterruptedException {
    try (Admin admin = Admin.create(KafkaClients.properties(config.kafka(), Map.of()))) {
      if (!admin.listTopics().names().get().contains(topic)) {
        admin
            .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
            .all()
            .get();
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new IllegalStateException(
            "cannot make topic %s at %s: %s"
                .formatted(topic, config.kafka().bootstrap(), e.getCause().getMessage()),
            e);
      }
    }
  }

  /** The run's reports that have come since the last call, waiting for some if there are none. */
  List<Reports.Report> poll(Duration wait) {
    List<Reports.Report> reports = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> next : consumer.poll(wait)) {
      if (next.key() != null && run.equals(new String(next.key(), StandardCharsets.UTF_8))) {
        try {
          reports.add(Reports.read(next.value()));
        } catch (IOException e) {
          LOG.warn(
              "Skipped a report at {} offset {}: {}", partition, next.offset(), e.getMessage());
        }
      }
    }
    return reports;
  }

  /** Whether all that is in the topic now has been polled. */
  boolean atEnd() {
    return consumer.position(partition) >= consumer.endOffsets(List.of(partition)).get(partition);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
