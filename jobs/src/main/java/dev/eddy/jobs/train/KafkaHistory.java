package dev.eddy.jobs.train;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.io.EventDeserializer;
import dev.eddy.jobs.io.KafkaClients;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.model.data.RawSeries;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
  private final long from;
  private final long to;
  private final Map<String, Arrivals> entities = new HashMap<>();
  private long records;
  private long bad;
  private long outside;

  private KafkaHistory(PipelineConfig config) {
    this.config = config;
    this.parser = new EventDeserializer(config.source());
    this.from = time("training.start", config.training().start(), "earliest", Long.MIN_VALUE);
    this.to = time("training.end", config.training().end(), "latest", Long.MAX_VALUE);
  }

  /**
   * What was loaded.
   *
   * @param series one per entity, sorted by entity
   * @param records records read
   * @param bad records that are no events
   * @param late events that came too late to be applied
   * @param outside events outside {@code training.start} and {@code training.end}
   */
  record Loaded(List<RawSeries> series, long records, long bad, long late, long outside) {}

  /**
   * The range of all that is in the events topic now.
   *
   * @throws UnrecoverableTrainingException if there is no such topic, or nothing in it
   */
  static HistoryRange resolve(PipelineConfig config) {
    String topic = config.topic("events");
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(config)) {
      List<PartitionInfo> infos = consumer.partitionsFor(topic);
      if (infos == null || infos.isEmpty()) {
        throw new UnrecoverableTrainingException(
            "there is no topic '%s' at %s: write the history to it first, or set source.topic"
                .formatted(topic, config.kafka().bootstrap()));
      }
      List<TopicPartition> partitions =
          infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
      Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      HistoryRange range =
          new HistoryRange(
              topic,
              partitions.stream()
                  .sorted(Comparator.comparingInt(TopicPartition::partition))
                  .map(p -> new HistoryRange.Part(p.partition(), starts.get(p), ends.get(p)))
                  .toList());
      if (range.size() == 0) {
        throw new UnrecoverableTrainingException(
            "topic '%s' is empty: there is no history to train on".formatted(topic));
      }
      return range;
    }
  }

  /**
   * Loads what lies in a range.
   *
   * @throws UnrecoverableTrainingException if the records are gone by now, or an entity lives in
   *     two partitions
   */
  static Loaded load(PipelineConfig config, HistoryRange range) {
    KafkaHistory history = new KafkaHistory(config);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(config)) {
      history.read(consumer, range);
    }
    List<RawSeries> series = new ArrayList<>();
    history.entities.values().forEach(arrivals -> series.add(arrivals.finish()));
    series.sort(Comparator.comparing(RawSeries::entity));
    long late = history.entities.values().stream().mapToLong(Arrivals::late).sum();
    return new Loaded(series, history.records, history.bad, late, history.outside);
  }

  private void read(KafkaConsumer<byte[], byte[]> consumer, HistoryRange range) {
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
          take(next);
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
      KafkaConsumer<byte[], byte[]> consumer, HistoryRange range) {
    try {
      return consumer.poll(Duration.ofMillis(200));
    } catch (OffsetOutOfRangeException e) {
      throw new UnrecoverableTrainingException(
          "records of topic '%s' that this run was to see are deleted by now (%s): lengthen the topic's retention, or train again"
              .formatted(range.topic(), e.getMessage()));
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> next) {
    records++;
    if (!(parser.parse(next) instanceof Parsed.Event event)) {
      bad++;
      return;
    }
    Arrivals arrivals =
        entities.computeIfAbsent(event.entity(), name -> new Arrivals(name, next.partition()));
    if (arrivals.partition() != next.partition()) {
      throw new UnrecoverableTrainingException(
          "entity '%s' has readings in partitions %d and %d of topic '%s', so that their order is lost: write every reading with its entity as the record's key, into a new topic, and set source.topic to it"
              .formatted(event.entity(), arrivals.partition(), next.partition(), next.topic()));
    }
    if (event.time() < from || event.time() >= to) {
      outside++;
    } else {
      arrivals.add(event, config.serving().maxDelayMillis());
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

  private static long time(String key, String text, String open, long whereOpen) {
    if (text == null || text.equals(open)) {
      return whereOpen;
    }
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException e) {
      throw new UnrecoverableTrainingException(
          "%s must be %s or an instant such as 2026-01-31T00:00:00Z, not '%s'"
              .formatted(key, open, text));
    }
  }
}
