package dev.eddy.jobs.demo;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The accounts of a run, record by record: every input that was sent, by partition and offset, must
 * come back in exactly one output (prediction, late or dead letter), each of which carries its
 * input's position. Counts alone would let a lost record hide behind a doubled one.
 *
 * <p>Memory: nine bytes for every record between the oldest one still open and the newest; what
 * lies before is closed and only counted. Thread-safe.
 */
final class Ledger {
  /** Outputs cannot be ahead of the sender's own acknowledgements by more than this. */
  private static final int AHEAD = 1 << 20;

  /** Stands for the time of sending where there is none to tell. */
  static final long NOT_TIMED = Long.MIN_VALUE;

  private static final byte SENT = 1;
  private static final byte SEEN = 2;
  private static final byte SETTLED = SENT | SEEN;

  private final Map<Integer, Partition> partitions = new HashMap<>();
  private long sent;
  private long settled;
  private long duplicated;
  private long strays;
  private long early;

  private static final class Partition {
    /** First offset of the accounts. */
    final long first;

    /** Everything before it is settled. */
    long base;

    int length;

    /** By offset - base: which of SENT and SEEN happened. */
    byte[] marks = new byte[1024];

    /** By offset - base: System.nanoTime of the sending. */
    long[] nanos = new long[1024];

    Partition(long first) {
      this.first = first;
      this.base = first;
    }
  }

  /**
   * Opens the account of a partition. Outputs for records before {@code first} are none of ours and
   * count as unknown.
   *
   * @param first the first offset that the job reads
   */
  synchronized void open(int partition, long first) {
    partitions.put(partition, new Partition(first));
  }

  /**
   * A record was sent and acknowledged. Those before the partition's first offset are not part of
   * the accounts.
   *
   * @param nanoTime System.nanoTime of the sending, or {@link #NOT_TIMED}
   */
  synchronized void sent(int partition, long offset, long nanoTime) {
    Partition p = partitions.get(partition);
    if (p == null) {
      throw new IllegalStateException("the account of partition " + partition + " is not open");
    }
    if (offset < p.first) {
      return;
    }
    int i = offset < p.base ? -1 : slot(p, offset);
    if (i < 0 || (p.marks[i] & SENT) != 0) {
      throw new IllegalStateException(
          "partition " + partition + " took offset " + offset + " twice");
    }
    sent++;
    p.nanos[i] = nanoTime;
    if (p.marks[i] == SEEN) {
      early--;
      settled++;
    }
    p.marks[i] |= SENT;
  }

  /**
   * An output named this input.
   *
   * @return System.nanoTime of when the input was sent; {@link #NOT_TIMED} where that is not known
   *     or this is not its first output
   */
  synchronized long seen(int partition, long offset) {
    Partition p = partitions.get(partition);
    if (p == null || offset < p.first || offset - p.base - p.length >= AHEAD) {
      strays++;
      return NOT_TIMED;
    }
    int i = offset < p.base ? -1 : slot(p, offset);
    if (i < 0 || (p.marks[i] & SEEN) != 0) {
      duplicated++;
      return NOT_TIMED;
    }
    boolean known = p.marks[i] == SENT;
    p.marks[i] |= SEEN;
    if (!known) {
      // The output overtook the acknowledgement; that the input was sent is still to be shown.
      early++;
      return NOT_TIMED;
    }
    settled++;
    return p.nanos[i];
  }

  /** Records sent. */
  synchronized long sent() {
    return sent;
  }

  /** Records sent that an output has named. */
  synchronized long settled() {
    return settled;
  }

  /** Records sent that no output has named yet: once a run is drained, those that were lost. */
  synchronized long lost() {
    return sent - settled;
  }

  /** Outputs that named an input which another output had named already. */
  synchronized long duplicated() {
    return duplicated;
  }

  /** Outputs that named an input which was never sent. */
  synchronized long unknown() {
    return strays + early;
  }

  /** The slot of an offset at or past the base, made room for. */
  private static int slot(Partition p, long offset) {
    if (offset - p.base >= p.marks.length) {
      close(p);
    }
    int i = Math.toIntExact(offset - p.base);
    if (i >= p.marks.length) {
      int capacity = Math.max(i + 1, 2 * p.marks.length);
      p.marks = Arrays.copyOf(p.marks, capacity);
      p.nanos = Arrays.copyOf(p.nanos, capacity);
    }
    if (i >= p.length) {
      Arrays.fill(p.marks, p.length, i + 1, (byte) 0);
      p.length = i + 1;
    }
    return i;
  }

  /** Forgets the settled front. */
  private static void close(Partition p) {
    int front = 0;
    while (front < p.length && p.marks[front] == SETTLED) {
      front++;
    }
    System.arraycopy(p.marks, front, p.marks, 0, p.length - front);
    System.arraycopy(p.nanos, front, p.nanos, 0, p.length - front);
    p.base += front;
    p.length -= front;
  }
}
