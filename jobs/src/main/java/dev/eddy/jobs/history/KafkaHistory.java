package dev.eddy.jobs.history;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.io.EventDeserializer;
import dev.eddy.jobs.io.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
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
   * The range of all that is in the events topic now and within {@code training.offsets}. What was
   * written more than {@code time.max-ahead} before {@code training.start} is not read either: an
   * event further ahead of its record would be bad.
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
          infos.stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .sorted(Comparator.comparingInt(TopicPartition::partition))
              .toList();
      HistoryRange.Topic there = there(consumer, topic, partitions);
      if (there.size() == 0) {
        throw new UnusableHistoryException(
            "topic '%s' is empty: there is no history to train on".formatted(topic));
      }
      HistoryRange.Topic range =
          config.training().offsets().isEmpty()
              ? since(consumer, config, there)
              : given(config.training().offsets(), there);
      if (range.size() == 0) {
        throw new UnusableHistoryException(
            "topic '%s' has no record since training.start (%s)"
                .formatted(topic, config.training().start()));
      }
      return range;
    }
  }

  private static HistoryRange.Topic there(
      KafkaConsumer<byte[], byte[]> consumer, String topic, List<TopicPartition> partitions) {
    Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    return new HistoryRange.Topic(
        topic,
        partitions.stream()
            .map(p -> new HistoryRange.Part(p.partition(), starts.get(p), ends.get(p)))
            .toList());
  }

  /** Without what lies before the first record that may hold an event of the time range. */
  private static HistoryRange.Topic since(
      KafkaConsumer<byte[], byte[]> consumer, PipelineConfig config, HistoryRange.Topic there) {
    long ahead = config.source().maxAheadMillis();
    String start = config.training().start();
    if (ahead == 0 || start.equals("earliest")) {
      return there;
    }
    long time = Math.max(0, Instant.parse(start).toEpochMilli() - ahead);
    Map<TopicPartition, Long> times = new HashMap<>();
    there
        .partitions()
        .forEach(part -> times.put(new TopicPartition(there.topic(), part.partition()), time));
    Map<TopicPartition, OffsetAndTimestamp> firsts = consumer.offsetsForTimes(times);
    List<HistoryRange.Part> parts = new ArrayList<>();
    for (HistoryRange.Part part : there.partitions()) {
      OffsetAndTimestamp first = firsts.get(new TopicPartition(there.topic(), part.partition()));
      long from = first == null ? part.end() : Math.min(first.offset(), part.end());
      parts.add(new HistoryRange.Part(part.partition(), Math.max(part.start(), from), part.end()));
    }
    return new HistoryRange.Topic(there.topic(), parts);
  }

  /** What {@code training.offsets} names, all of which must be there. */
  private static HistoryRange.Topic given(
      Map<Integer, PipelineConfig.Offsets> offsets, HistoryRange.Topic there) {
    List<HistoryRange.Part> parts = new ArrayList<>();
    offsets.forEach(
        (partition, wanted) -> {
          HistoryRange.Part part =
              there.partitions().stream()
                  .filter(one -> one.partition() == partition)
                  .findFirst()
                  .orElseThrow(
                      () ->
                          new UnusableHistoryException(
                              "training.offsets.%d: topic '%s' has partitions 0 to %d only"
                                  .formatted(
                                      partition, there.topic(), there.partitions().size() - 1)));
          long to = wanted.to() == Long.MAX_VALUE ? part.end() : wanted.to();
          if (wanted.from() < part.start() || to > part.end() || wanted.from() >= to) {
            throw new UnusableHistoryException(
                "training.offsets.%d: partition %d of topic '%s' has offsets %d to %d (not among them), not all of %d-%d"
                    .formatted(
                        partition,
                        partition,
                        there.topic(),
                        part.start(),
                        part.end(),
                        wanted.from(),
                        to));
          }
          parts.add(new HistoryRange.Part(partition, wanted.from(), to));
        });
    return new HistoryRange.Topic(there.topic(), parts);
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
