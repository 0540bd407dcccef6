package dev.eddy.jobs.train;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.io.KafkaClients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs of the past, and the one under way, as the topic {@code <name>.training} tells of them. */
public final class RunArchive {
  private static final Logger LOG = LoggerFactory.getLogger(RunArchive.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final PipelineConfig config;

  /** The runs of a pipeline. */
  public RunArchive(PipelineConfig config) {
    this.config = config;
  }

  /**
   * What came of a run.
   *
   * @param run names it
   * @param first when its first report was written
   * @param last when its last one was
   * @param headed whether the run has told what it is
   * @param result null where there is none: under way, failed, cancelled or lost
   */
  public record Told(String run, Instant first, Instant last, boolean headed, TrainResult result) {}

  /**
   * Tells a run again, up to where the topic ends now. What was repeated after a failure of the job
   * is heard repeatedly.
   *
   * @param run which; null for the one that began last
   * @param listener hears what the run reported, in order
   * @return empty where the topic knows no such run
   */
  public Optional<Told> tell(String run, ProgressListener listener) {
    String wanted = run == null ? newest() : run;
    Teller teller = new Teller(wanted, listener);
    if (wanted != null) {
      scan(teller::hear);
    }
    return Optional.ofNullable(teller.told);
  }

  /** The run whose first report is the last of all first ones; null where there are no runs. */
  private String newest() {
    Set<String> seen = new HashSet<>();
    String[] newest = new String[1];
    scan(
        record -> {
          if (seen.add(key(record))) {
            newest[0] = key(record);
          }
        });
    return newest[0];
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
  }

  private void scan(Consumer<ConsumerRecord<byte[], byte[]>> each) {
    String topic = Reports.topic(config.name());
    Map<String, String> required =
        Map.of(
            "enable.auto.commit", "false",
            "allow.auto.create.topics", "false",
            "client.id", config.name() + "-training-archive");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            KafkaClients.properties(config.kafka(), required),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      if (!consumer.listTopics().containsKey(topic)) {
        return;
      }
      TopicPartition partition = new TopicPartition(topic, 0);
      List<TopicPartition> all = List.of(partition);
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long end = consumer.endOffsets(all).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(POLL).forEach(each);
      }
    }
  }

  /** Passes one run's reports on. */
  private static final class Teller {
    private final String run;
    private final ProgressListener listener;
    private Told told;

    Teller(String run, ProgressListener listener) {
      this.run = run;
      this.listener = listener;
    }

    void hear(ConsumerRecord<byte[], byte[]> record) {
      if (!key(record).equals(run)) {
        return;
      }
      Instant at = Instant.ofEpochMilli(record.timestamp());
      TrainResult result = told == null ? null : told.result();
      boolean headed = told != null && told.headed();
      try {
        Reports.Report report = Reports.read(record.value());
        if (report.header() != null && !headed) {
          headed = true;
          listener.header(report.header());
        }
        if (report.round() != null) {
          listener.round(report.round());
        }
        if (report.progress() != null) {
          listener.progress(report.progress());
        }
        if (report.result() != null) {
          result = report.result();
        }
      } catch (IOException e) {
        LOG.warn("Skipped a report at offset {}: {}", record.offset(), e.getMessage());
      }
      told = new Told(run, told == null ? at : told.first(), at, headed, result);
    }
  }
}
