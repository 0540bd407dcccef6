package dev.eddy.jobs.demo;

/**
 * A histogram of waiting times with 5 % wide buckets from 10 microseconds to minutes: constant
 * memory, whatever the number of records. Thread-safe.
 */
final class Latencies {
  private static final double FIRST_NANOS = 10_000;
  private static final double WIDTH = StrictMath.log(1.05);
  private final long[] buckets = new long[400];
  private long count;

  /** Adds one waiting time. */
  synchronized void add(long nanos) {
    double steps = nanos <= FIRST_NANOS ? 0 : StrictMath.log(nanos / FIRST_NANOS) / WIDTH;
    buckets[(int) Math.min(buckets.length - 1, Math.ceil(steps))]++;
    count++;
  }

  /**
   * The time, in milliseconds, within which the given share of all lies; NaN where there are none.
   */
  synchronized double millis(double share) {
    if (count == 0) {
      return Double.NaN;
    }
    long wanted = Math.max(1, (long) Math.ceil(share * count));
    long sum = 0;
    int i = 0;
    while ((sum += buckets[i]) < wanted) {
      i++;
    }
    return FIRST_NANOS * StrictMath.exp(i * WIDTH) / 1e6;
  }
}
