package dev.eddy.jobs.history;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.io.EventDeserializer;
import dev.eddy.jobs.io.KafkaClients;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The history a run trains on, read from the events topic with a plain consumer and the very parser
 * that serving uses. Bad records are counted, not fatal; what serving would find late is left out.
 */
final class KafkaHistory {
  /** How long the broker may be silent while records are due. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final PipelineConfig config;
  private final EventDeserializer parser;
  private final HistoryBuilder history;

  private KafkaHistory(PipelineConfig config, HistoryBuilder history) {
    this.config = config;
    this.parser = new EventDeserializer(config.source());
    this.history = history;
  }

  /**
   * The range of all that is in the events topic now.
   *
   * @throws UnusableHistoryException if there is no such topic, or nothing in it
   */
  static HistoryRange.Topic resolve(PipelineConfig config) {
    String topic = config.topic("events");
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(config)) {
      List<PartitionInfo> infos = consumer.partitionsFor(topic);
      if (infos == null || infos.isEmpty()) {
        throw new UnusableHistoryException(
            "there is no topic '%s' at %s: write the history to it first, or set source.topic"
                .formatted(topic, config.kafka().bootstrap()));
      }
      List<TopicPartition> partitions =
          infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
      Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      HistoryRange.Topic range =
          new HistoryRange.Topic(
              topic,
              partitions.stream()
                  .sorted(Comparator.comparingInt(TopicPartition::partition))
                  .map(p -> new HistoryRange.Part(p.partition(), starts.get(p), ends.get(p)))
                  .toList());
      if (range.size() == 0) {
        throw new UnusableHistoryException(
            "topic '%s' is empty: there is no history to train on".formatted(topic));
      }
      return range;
    }
  }

  /**
   * Reads what lies in a range.
   *
   * @param history Modified: takes in every record
   * @throws UnusableHistoryException if the records are gone by now, or an entity lives in two
   *     partitions
   */
  static void read(PipelineConfig config, HistoryRange.Topic range, HistoryBuilder history) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(config)) {
      new KafkaHistory(config, history).read(consumer, range);
    }
  }

  private void read(KafkaConsumer<byte[], byte[]> consumer, HistoryRange.Topic range) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (HistoryRange.Part part : range.partitions()) {
      if (part.end() > part.start()) {
        ends.put(new TopicPartition(range.topic(), part.partition()), part.end());
      }
    }
    consumer.assign(ends.keySet());
    range.partitions().stream()
        .filter(part -> part.end() > part.start())
        .forEach(
            part ->
                consumer.seek(new TopicPartition(range.topic(), part.partition()), part.start()));
    Map<TopicPartition, Long> before = Map.of();
    long heard = System.nanoTime();
    while (!ends.isEmpty()) {
      for (ConsumerRecord<byte[], byte[]> next : poll(consumer, range)) {
        Long end = ends.get(new TopicPartition(next.topic(), next.partition()));
        if (end != null && next.offset() < end) {
          history.add(parser.parse(next), next.partition());
        }
      }
      // By position and not by records: transactions leave marks that have offsets but are no
      // records.
      Map<TopicPartition, Long> now = new HashMap<>();
      ends.keySet().forEach(partition -> now.put(partition, consumer.position(partition)));
      if (ends.entrySet().removeIf(entry -> now.get(entry.getKey()) >= entry.getValue())) {
        consumer.assign(ends.keySet());
      }
      if (!now.equals(before)) {
        before = now;
        heard = System.nanoTime();
      } else if (System.nanoTime() - heard > SILENCE.toNanos()) {
        throw new IllegalStateException(
            "no record of topic '%s' for %s, though partitions %s have more: is Kafka at %s still running?"
                .formatted(range.topic(), SILENCE, ends.keySet(), config.kafka().bootstrap()));
      }
    }
  }

  private static Iterable<ConsumerRecord<byte[], byte[]>> poll(
      KafkaConsumer<byte[], byte[]> consumer, HistoryRange.Topic range) {
    try {
      return consumer.poll(Duration.ofMillis(200));
    } catch (OffsetOutOfRangeException e) {
      throw new UnusableHistoryException(
          "records of topic '%s' that this run was to see are deleted by now (%s): lengthen the topic's retention, or train again"
              .formatted(range.topic(), e.getMessage()));
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(PipelineConfig config) {
    Map<String, String> required =
        Map.of(
            "isolation.level", "read_committed",
            "enable.auto.commit", "false",
            "allow.auto.create.topics", "false",
            "auto.offset.reset", "none",
            "client.id", config.name() + "-training");
    return new KafkaConsumer<>(
        KafkaClients.properties(config.kafka(), required),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
