package dev.eddy.model.data;

import java.util.Arrays;

/**
 * One entity's readings in order of time, growing at the end: two primitive arrays and nothing
 * else.
 *
 * <p>Not thread-safe while it grows.
 */
public final class RawSeries {
  private final String entity;
  private long[] times; // [capacity] epoch milliseconds, not descending
  private double[] values; // [capacity] NaN where missing
  private int length;

  /** A series without readings. */
  public RawSeries(String entity) {
    this(entity, new long[16], new double[16], 0);
  }

  /**
   * A series over arrays that nobody else will write to.
   *
   * @throws IllegalArgumentException if the lengths differ or the times descend
   */
  public RawSeries(String entity, long[] times, double[] values) {
    this(entity, times, values, times.length);
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

  private RawSeries(String entity, long[] times, double[] values, int length) {
    this.entity = entity;
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
   */
  public boolean add(long time, double value) {
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
    return true;
  }

  /** Gives back memory that growing took in advance. */
  public void trim() {
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
    return times[t];
  }

  /** Value of reading t; NaN where missing. */
  public double value(int t) {
    return values[t];
  }

  /** The first reading at or after a time; {@link #length()} if there is none. */
  public int firstAtOrAfter(long time) {
    int low = 0;
    int high = length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
