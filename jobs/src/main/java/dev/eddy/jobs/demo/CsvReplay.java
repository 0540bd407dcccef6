package dev.eddy.jobs.demo;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.model.data.CsvSeries;
import dev.eddy.model.data.RawSeries;
import dev.eddy.model.data.TimeFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A CSV file, plain or gzip, as a stream: the readings of all entities in the order of event time,
 * the first so many time stamps as the history, the rest live. The file is held in memory.
 */
final class CsvReplay implements Readings {
  private final List<RawSeries> series;
  private final PriorityQueue<Cursor> cursors =
      new PriorityQueue<>(
          Comparator.comparingLong(Cursor::time).thenComparingInt(cursor -> cursor.entity));
  private final long liveStart;
  private long remaining;

  /** Where the replay stands in one entity's series. */
  private static final class Cursor {
    final int entity;
    final RawSeries series;
    int next;

    Cursor(int entity, RawSeries series) {
      this.entity = entity;
      this.series = series;
    }

    long time() {
      return series.time(next);
    }
  }

  /**
   * Reads the file.
   *
   * @param file plain or gzip, told by its first bytes; the first line names the columns
   * @param source which columns hold time, entity and value, or which are melted into entities
   * @param history how many time stamps are history
   * @throws IllegalArgumentException where the file is not what the configuration says, naming line
   *     and column
   * @throws IOException where it cannot be read
   */
  CsvReplay(Path file, PipelineConfig.Source source, int history) throws IOException {
    boolean melted = !source.melt().isEmpty();
    this.series =
        CsvSeries.read(
            file,
            new CsvSeries.Columns(
                source.time().field(),
                TimeFormat.of(source.time().format(), source.time().zone()),
                melted ? null : source.entity(),
                melted ? null : source.value(),
                source.melt()));
    this.liveStart = cut(file, history);
    rewind();
  }

  private void rewind() {
    for (int i = 0; i < series.size(); i++) {
      cursors.add(new Cursor(i, series.get(i)));
      remaining += series.get(i).length();
    }
  }

  /** The first time stamp after the history. */
  private long cut(Path file, int history) {
    long[] times =
        series.stream()
            .flatMapToLong(
                one -> java.util.stream.IntStream.range(0, one.length()).mapToLong(one::time))
            .sorted()
            .distinct()
            .limit(history + 1L)
            .toArray();
    if (times.length <= history) {
      throw new IllegalArgumentException(
          file
              + " has "
              + times.length
              + " time stamps; demo.history wants "
              + history
              + " of them as history and needs more for the live part: give a longer file or a"
              + " smaller demo.history");
    }
    return times[history];
  }

  @Override
  public List<String> entities() {
    return series.stream().map(RawSeries::entity).toList();
  }

  @Override
  public Outgoing nextHistory() {
    return cursors.isEmpty() || cursors.peek().time() >= liveStart ? null : nextLive();
  }

  @Override
  public Outgoing nextLive() {
    Cursor cursor = cursors.poll();
    if (cursor == null) {
      return null;
    }
    int i = cursor.next++;
    if (cursor.next < cursor.series.length()) {
      cursors.add(cursor);
    }
    remaining--;
    return Outgoing.reading(cursor.series.entity(), cursor.series.time(i), cursor.series.value(i));
  }

  @Override
  public long liveStart() {
    return liveStart;
  }

  @Override
  public long remaining() {
    return remaining;
  }
}
