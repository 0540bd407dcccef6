package dev.eddy.jobs.history;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.model.data.MemoryBudgetException;
import dev.eddy.model.data.SeriesBuilder;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts parsed records, as they come, into one series per entity, within {@code training.memory}.
 * Bad records are counted, not fatal; what serving would find late is left out. Not thread-safe.
 */
final class HistoryBuilder implements AutoCloseable {
  private final String source;
  private final long maxDelay;
  private final long from;
  private final long to;
  private final SeriesBuilder series;
  private final Map<String, Arrivals> entities = new HashMap<>();
  private long records;
  private long bad;
  private long outside;

  /**
   * A history without records.
   *
   * @param source what is read, for messages: a topic, a file
   * @param temporary directory for what has no room in memory
   */
  HistoryBuilder(PipelineConfig config, String source, Path temporary) {
    this.source = source;
    this.maxDelay = config.serving().maxDelayMillis();
    this.from = time("training.start", config.training().start(), "earliest", Long.MIN_VALUE);
    this.to = time("training.end", config.training().end(), "latest", Long.MAX_VALUE);
    this.series =
        new SeriesBuilder(
            config.training().memoryBytes(), config.forecast().scaleWindow(), temporary);
  }

  /**
   * Takes in a record.
   *
   * @param partition where it was read: the order of an entity's records holds within one only
   * @throws UnusableHistoryException if the entity was seen in another partition, or there are more
   *     entities than {@code training.memory} has room for
   */
  void add(Parsed record, int partition) {
    records++;
    if (!(record instanceof Parsed.Event event)) {
      bad++;
      return;
    }
    try {
      add(event, partition);
    } catch (MemoryBudgetException e) {
      throw new UnusableHistoryException(e.getMessage());
    }
  }

  private void add(Parsed.Event event, int partition) {
    Arrivals arrivals =
        entities.computeIfAbsent(event.entity(), name -> new Arrivals(series, name, partition));
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

  /**
   * The history, once nothing more comes.
   *
   * @throws UnusableHistoryException if {@code training.memory} is too small for it
   */
  StoredHistory finish() {
    try {
      entities.values().forEach(Arrivals::finish);
      long late = entities.values().stream().mapToLong(Arrivals::late).sum();
      entities.clear();
      return new StoredHistory(series.finish(), records, bad, late, outside);
    } catch (MemoryBudgetException e) {
      throw new UnusableHistoryException(e.getMessage());
    }
  }

  /** Gives back memory and disk, finished or not. */
  @Override
  public void close() {
    series.close();
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
