package dev.eddy.model.data;

import java.util.Arrays;

/**
 * One entity's readings in order of time: two primitive arrays that grow at the end, or, where a
 * {@link SeriesStore} had no room for them, a stretch of its file.
 *
 * <p>Not thread-safe while it grows.
 */
public final class RawSeries {
  private final String entity;
  private final StoredSeries stored; // null where in memory
  private long[] times; // [capacity] epoch milliseconds, not descending
  private double[] values; // [capacity] NaN where missing
  private int length;
  private SeriesScale scale; // null until somebody asks
  private int scaleWindow;

  /** A series without readings. */
  public RawSeries(String entity) {
    this(entity, null, new long[16], new double[16], 0);
  }

  /**
   * A series over arrays that nobody else will write to.
   *
   * @throws IllegalArgumentException if the lengths differ or the times descend
   */
  public RawSeries(String entity, long[] times, double[] values) {
    this(entity, null, times, values, times.length);
    if (values.length != times.length) {
      throw new IllegalArgumentException(
          "series '%s' has %d times and %d values".formatted(entity, times.length, values.length));
    }
    for (int t = 1; t < times.length; t++) {
      if (times[t] < times[t - 1]) {
        throw new IllegalArgumentException(
            "series '%s' is not sorted by time: reading %d is at %d, the one before it at %d"
                .formatted(entity, t, times[t], times[t - 1]));
      }
    }
  }

  /** A series that lies in a file. */
  RawSeries(String entity, StoredSeries stored, int length) {
    this(entity, stored, null, null, length);
  }

  private RawSeries(String entity, StoredSeries stored, long[] times, double[] values, int length) {
    this.entity = entity;
    this.stored = stored;
    this.times = times;
    this.values = values;
    this.length = length;
  }

  /**
   * Adds a reading at the end.
   *
   * @param time epoch milliseconds
   * @param value a number, or NaN where it is missing
   * @return false, and nothing added, if the time lies before the last reading's: it comes too late
   * @throws UnsupportedOperationException if the series lies in a file
   */
  public boolean add(long time, double value) {
    if (stored != null) {
      throw new UnsupportedOperationException("series '" + entity + "' lies in a file");
    }
    if (length > 0 && time < times[length - 1]) {
      return false;
    }
    if (length == times.length) {
      int capacity = Math.max(16, length + (length >> 1));
      times = Arrays.copyOf(times, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    times[length] = time;
    values[length] = value;
    length++;
    scale = null;
    return true;
  }

  /** Gives back memory that growing took in advance. */
  public void trim() {
    if (stored != null) {
      return;
    }
    times = Arrays.copyOf(times, length);
    values = Arrays.copyOf(values, length);
  }

  /** Whose readings these are. */
  public String entity() {
    return entity;
  }

  /** How many readings. */
  public int length() {
    return length;
  }

  /** Event time of reading t, epoch milliseconds. */
  public long time(int t) {
    return stored == null ? times[t] : stored.time(t);
  }

  /** Value of reading t; NaN where missing. */
  public double value(int t) {
    return stored == null ? values[t] : stored.value(t);
  }

  /**
   * The causal scale after each reading; kept for the window that was asked for first.
   *
   * @param window readings after which the scale begins to forget
   */
  public SeriesScale scale(int window) {
    if (stored != null) {
      return SeriesScale.onDisk(this, stored, window);
    }
    synchronized (this) {
      if (scale == null) {
        scale = SeriesScale.inMemory(this, window);
        scaleWindow = window;
      }
      return scaleWindow == window ? scale : SeriesScale.inMemory(this, window);
    }
  }

  /** The first reading at or after a time; {@link #length()} if there is none. */
  public int firstAtOrAfter(long time) {
    int low = 0;
    int high = length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (time(middle) < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
