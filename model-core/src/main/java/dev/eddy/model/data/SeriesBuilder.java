package dev.eddy.model.data;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Takes in the readings of many series as they come, mixed, and makes a {@link SeriesStore} of them
 * within a budget of memory.
 *
 * <pre>
 * add --> tails (in memory) -- all fits ---------------------------------> SeriesStore in arrays
 *           | no room                                                          ^
 *           v                                                                  |
 *         run 0, run 1, ... (temporary file, each sorted by series) --merge--> SeriesStore in a file
 * </pre>
 *
 * <p>This is a merge sort on disk that keeps the order of arrival within a series (Knuth, The Art
 * of Computer Programming 3, section 5.4): all is written and read front to back, however many
 * series there are. Not thread-safe.
 */
public final class SeriesBuilder implements Closeable {
  /** The least that can be worked with. */
  public static final long MIN_BYTES = 256 << 10;

  /**
   * What a series takes in memory beside its readings, with all that is planned for it in training,
   * and without its name: measured, rounded up.
   */
  static final int SERIES_BYTES = 768;

  /** What a reading takes while all of them are put into arrays. */
  private static final int ARRAYS_BYTES = Tails.READING_BYTES + Long.BYTES + Double.BYTES;

  private static final int WRITE_BUFFER = 16 << 10;
  private static final int MIN_READ_BUFFER = 512;
  private static final int MAX_READ_BUFFER = 64 << 10;

  /** A series that is being read. */
  public static final class Series {
    private final String name;
    private final int number;
    private int length; // all readings
    private long last; // time of the last
    private int pending; // readings in the tails
    private int next; // place of the next reading while sorting

    private Series(String name, int number) {
      this.name = name;
      this.number = number;
    }

    /** Its name. */
    public String name() {
      return name;
    }
  }

  private final long budget;
  private final int scaleWindow;
  private final Supplier<TemporaryFile> files;
  private final List<Series> all = new ArrayList<>();
  private final Tails tails = new Tails();
  private final List<Long> runEnds = new ArrayList<>();
  private TemporaryFile runs; // null while all fits
  private long readings;
  private long indexBytes;
  private long reserved;
  private long peak;

  /**
   * A store without series.
   *
   * @param budget bytes of memory, at least {@link #MIN_BYTES}
   * @param scaleWindow readings after which the series' causal scale begins to forget
   * @param directory for what does not fit
   */
  public SeriesBuilder(long budget, int scaleWindow, Path directory) {
    this(budget, scaleWindow, () -> TemporaryFile.in(directory));
  }

  /** For tests: with files of another kind. */
  SeriesBuilder(long budget, int scaleWindow, Supplier<TemporaryFile> files) {
    if (budget < MIN_BYTES) {
      throw new IllegalArgumentException(
          "a store of series takes at least %,d bytes, got %,d".formatted(MIN_BYTES, budget));
    }
    this.budget = budget;
    this.scaleWindow = scaleWindow;
    this.files = files;
  }

  /**
   * A new series.
   *
   * @param name given to no other series
   * @throws MemoryBudgetException if there are too many for the budget
   */
  public Series series(String name) {
    Series series = new Series(name, all.size());
    all.add(series);
    indexBytes += SERIES_BYTES + name.length();
    check();
    return series;
  }

  /**
   * Counts what the caller keeps in memory beside the store.
   *
   * @param bytes more, or less where negative
   * @throws MemoryBudgetException if it is too much for the budget
   */
  public void reserve(long bytes) {
    reserved += bytes;
    check();
  }

  private void check() {
    if (indexBytes + reserved > budget / 2) {
      throw new MemoryBudgetException(
          "training.memory is %,d bytes, half of which may be taken by what is kept for every entity; %,d entities%s take %,d already, before a single reading: raise training.memory to at least %,d"
              .formatted(
                  budget,
                  all.size(),
                  reserved > 0 ? " and what waits for serving.ordering.max-delay" : "",
                  indexBytes + reserved,
                  3 * (indexBytes + reserved)));
    }
    if (tails.room() > 0 && bytes(tails.room()) > budget) {
      spill();
      tails.free();
    }
    note((long) tails.room() * Tails.READING_BYTES);
  }

  /** What is held with room for some readings, if they are to be put into arrays at last. */
  private long bytes(long room) {
    return indexBytes + reserved + room * ARRAYS_BYTES + WRITE_BUFFER;
  }

  /**
   * Adds a reading at the end of a series.
   *
   * @param time epoch milliseconds
   * @param value a number, or NaN where it is missing
   * @return false, and nothing added, if the time lies before the series' last: it comes too late
   */
  public boolean add(Series series, long time, double value) {
    if (series.length > 0 && time < series.last) {
      return false;
    }
    if (tails.size() == tails.room()
        && tails.room() > 0
        && bytes(tails.room() + (long) Tails.PIECE) > budget) {
      spill();
    }
    tails.add(series.number, time, value);
    series.last = time;
    series.length = Math.incrementExact(series.length);
    series.pending++;
    readings++;
    return true;
  }

  /** Remembers that so many bytes were held beside what is kept for every series. */
  private void note(long bytes) {
    peak = Math.max(peak, indexBytes + reserved + bytes);
  }

  /** The most bytes that were held at any time. */
  long peakBytes() {
    return peak;
  }

  /** Writes the tails to disk, sorted. */
  private void spill() {
    if (tails.size() == 0) {
      return;
    }
    if (runs == null) {
      runs = files.get();
    }
    note(
        (long) tails.room() * Tails.READING_BYTES
            + (long) tails.size() * Integer.BYTES
            + WRITE_BUFFER);
    List<Series> sorted = sorted();
    int place = 0;
    for (Series series : sorted) {
      series.next = place;
      place += series.pending;
    }
    int[] order = new int[tails.size()];
    for (int i = 0; i < order.length; i++) {
      order[all.get(tails.series(i)).next++] = i;
    }
    Run.Writer run = new Run.Writer(runs, WRITE_BUFFER);
    int i = 0;
    for (Series series : sorted) {
      if (series.pending > 0) {
        checkInterrupted();
        run.begin(series.number, series.pending);
        for (; series.pending > 0; series.pending--, i++) {
          run.add(tails.time(order[i]), tails.value(order[i]));
        }
      }
    }
    run.finish();
    runEnds.add(runs.size());
    tails.clear();
  }

  private List<Series> sorted() {
    List<Series> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparing(Series::name));
    return sorted;
  }

  /** Sorting may take minutes: whoever no longer wants the store need not wait for it. */
  private static void checkInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("loading was interrupted");
    }
  }

  /**
   * The store, once nothing more comes. The builder is spent then.
   *
   * @throws MemoryBudgetException if there is too much for the budget, even on disk
   */
  public SeriesStore finish() {
    if (runs == null) {
      return inMemory();
    }
    spill();
    tails.free();
    SeriesStore store = merge();
    close();
    return store;
  }

  private SeriesStore inMemory() {
    note(
        (long) tails.room() * Tails.READING_BYTES
            + readings * (ARRAYS_BYTES - Tails.READING_BYTES));
    long[][] times = new long[all.size()][];
    double[][] values = new double[all.size()][];
    for (Series series : all) {
      times[series.number] = new long[series.length];
      values[series.number] = new double[series.length];
      series.next = 0;
    }
    for (int i = 0; i < tails.size(); i++) {
      Series series = all.get(tails.series(i));
      times[series.number][series.next] = tails.time(i);
      values[series.number][series.next++] = tails.value(i);
    }
    tails.free();
    List<RawSeries> series = new ArrayList<>(all.size());
    for (Series one : sorted()) {
      series.add(new RawSeries(one.name, times[one.number], values[one.number]));
    }
    return new SeriesStore(series, indexBytes, readings);
  }

  private SeriesStore merge() {
    long free = budget - indexBytes - reserved;
    int shift = blockShift(free);
    long forRuns = free - SeriesFile.Writer.bufferBytes(shift);
    long perRun = Math.min(MAX_READ_BUFFER, forRuns / runEnds.size());
    if (perRun < MIN_READ_BUFFER) {
      throw new MemoryBudgetException(
          "training.memory is %,d bytes; to sort %,d readings of %,d entities on disk takes at least %,d: raise it"
              .formatted(
                  budget,
                  readings,
                  all.size(),
                  indexBytes + reserved + 2L * MIN_READ_BUFFER * runEnds.size()));
    }
    note(SeriesFile.Writer.bufferBytes(shift) + perRun * runEnds.size());
    SeriesFile.Writer file = new SeriesFile.Writer(files.get(), shift);
    try {
      List<SeriesStore.Place> places = merge(file, (int) perRun);
      return new SeriesStore(file.finish(), places, scaleWindow, budget, indexBytes);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private List<SeriesStore.Place> merge(SeriesFile.Writer file, int bufferBytes) {
    List<Run> readers = new ArrayList<>();
    long start = 0;
    for (long end : runEnds) {
      readers.add(new Run(runs, start, end, bufferBytes));
      start = end;
    }
    List<SeriesStore.Place> places = new ArrayList<>(all.size());
    RunningScale scale = new RunningScale(scaleWindow);
    for (Series series : sorted()) {
      checkInterrupted();
      places.add(new SeriesStore.Place(series.name, file.readings(), series.length));
      scale.reset();
      for (Run run : readers) {
        if (run.series() == series.number) {
          run.copy(file, scale);
        }
      }
    }
    return places;
  }

  /** Blocks so small that some hundreds fit: a batch has rows in as many places of the file. */
  private static int blockShift(long free) {
    int shift = 10;
    while (shift > 6 && free / PageCache.pageBytes(1 << shift) < 512) {
      shift--;
    }
    return shift;
  }

  /** Deletes what was written for sorting. */
  @Override
  public void close() {
    tails.free();
    if (runs != null) {
      runs.close();
    }
  }
}
