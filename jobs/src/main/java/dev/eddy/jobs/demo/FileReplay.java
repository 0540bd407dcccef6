package dev.eddy.jobs.demo;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.history.FileSeries;
import dev.eddy.model.data.RawSeries;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Files as a stream: the readings of all entities in the order of event time, the first so many
 * time stamps as the history, the rest live. They are held in memory.
 */
final class FileReplay implements Readings {
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
   * Reads the files.
   *
   * @param source the files, and where in them time, entity and value stand
   * @param history how many time stamps are history
   * @throws dev.eddy.jobs.history.UnusableHistoryException where a file is not what the
   *     configuration says
   * @throws IllegalArgumentException where there is too little in them
   * @throws java.io.UncheckedIOException where one cannot be read
   */
  FileReplay(PipelineConfig.Source source, int history) {
    this.series = FileSeries.read(source).series();
    this.liveStart = cut(source.files(), history);
    rewind();
  }

  private void rewind() {
    for (int i = 0; i < series.size(); i++) {
      cursors.add(new Cursor(i, series.get(i)));
      remaining += series.get(i).length();
    }
  }

  /** The first time stamp after the history. */
  private long cut(List<String> files, int history) {
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
          String.join(", ", files)
              + " has "
              + times.length
              + " time stamps; demo.history wants "
              + history
              + " of them as history and needs more for the live part: give longer files or a"
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
