package dev.eddy.jobs.history;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.model.data.RawSeries;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts parsed records, as they come, into one series per entity. Bad records are counted, not
 * fatal; what serving would find late is left out. Not thread-safe.
 */
final class HistoryBuilder {
  private final String source;
  private final long maxDelay;
  private final long from;
  private final long to;
  private final Map<String, Arrivals> entities = new HashMap<>();
  private long records;
  private long bad;
  private long outside;

  /**
   * A history without records.
   *
   * @param source what is read, for messages: a topic, a file
   */
  HistoryBuilder(PipelineConfig config, String source) {
    this.source = source;
    this.maxDelay = config.serving().maxDelayMillis();
    this.from = time("training.start", config.training().start(), "earliest", Long.MIN_VALUE);
    this.to = time("training.end", config.training().end(), "latest", Long.MAX_VALUE);
  }

  /**
   * Takes in a record.
   *
   * @param partition where it was read: the order of an entity's records holds within one only
   * @throws UnusableHistoryException if the entity was seen in another partition
   */
  void add(Parsed record, int partition) {
    records++;
    if (!(record instanceof Parsed.Event event)) {
      bad++;
      return;
    }
    Arrivals arrivals =
        entities.computeIfAbsent(event.entity(), name -> new Arrivals(name, partition));
    if (arrivals.partition() != partition) {
      throw new UnusableHistoryException(
          "entity '%s' has readings in partitions %d and %d of %s, so that their order is lost: write every reading with its entity as the record's key, into a new topic, and set source.topic to it"
              .formatted(event.entity(), arrivals.partition(), partition, source));
    }
    if (event.time() < from || event.time() >= to) {
      outside++;
    } else {
      arrivals.add(event, maxDelay);
    }
  }

  /** The history, once nothing more comes. */
  LoadedHistory finish() {
    List<RawSeries> series = new ArrayList<>();
    entities.values().forEach(arrivals -> series.add(arrivals.finish()));
    series.sort(Comparator.comparing(RawSeries::entity));
    long late = entities.values().stream().mapToLong(Arrivals::late).sum();
    return new LoadedHistory(series, records, bad, late, outside);
  }

  private static long time(String key, String text, String open, long whereOpen) {
    if (text == null || text.equals(open)) {
      return whereOpen;
    }
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException e) {
      throw new UnusableHistoryException(
          "%s must be %s or an instant such as 2026-01-31T00:00:00Z, not '%s'"
              .formatted(key, open, text));
    }
  }
}
