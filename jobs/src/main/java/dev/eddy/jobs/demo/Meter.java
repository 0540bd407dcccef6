package dev.eddy.jobs.demo;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * What is remembered of one entity to score its forecasts: its readings by slot of the time grid,
 * its forecasts that still await their truth, the sums of its errors, and a few forecasts for the
 * picture. Guarded by {@link LiveSkill}.
 */
final class Meter {
  private static final int CHAIN = 12;

  /** A silence of more slots than this is not kept as missing values: a step may be short. */
  private static final int LONG_SILENCE = 1 << 18;

  final String name;
  private final int horizon;
  private final int season;
  private final int longest;
  private final int keep;
  private double[] values = new double[512];
  private long base = Long.MIN_VALUE;
  private int length;
  private long lastTime = Long.MIN_VALUE;
  private double scaleSum;
  private long scaleCount;
  private final Outlook[] pending;
  private final long[] pendingSlots;
  private final Deque<Outlook> chain = new ArrayDeque<>();
  private Outlook newest;

  /** Targets scored. */
  long count;

  /** Targets within the outermost quantiles. */
  long covered;

  /** Sums of absolute errors: the model, last value, then each season's naive. */
  final double[] errors;

  /**
   * @param horizon H
   * @param seasons season lengths in steps, the first the scale of MASE
   */
  Meter(String name, int horizon, int[] seasons) {
    this.name = name;
    this.horizon = horizon;
    this.season = seasons[0];
    this.longest = Arrays.stream(seasons).max().orElse(1);
    this.keep = longest + 2 * horizon + 240;
    this.pending = new Outlook[horizon];
    this.pendingSlots = new long[horizon];
    this.errors = new double[2 + seasons.length];
  }

  /**
   * A reading, in the order in which it was sent. One that is older than the newest is late: the
   * job applies nothing from it, so it is no truth here either.
   */
  void reading(long time, long slot, double value, boolean history) {
    if (time < lastTime) {
      return;
    }
    lastTime = time;
    put(slot, value);
    double before = value(slot - season);
    if (history && !Double.isNaN(value) && !Double.isNaN(before)) {
      scaleSum += Math.abs(value - before);
      scaleCount++;
    }
  }

  /**
   * The in-sample error of the seasonal naive on the history; NaN where there is none or it is 0.
   */
  double scale() {
    return scaleSum > 0 ? scaleSum / scaleCount : Double.NaN;
  }

  /** The reading of a slot; NaN where it is missing or no longer known. */
  double value(long slot) {
    long i = slot - base;
    return base == Long.MIN_VALUE || i < 0 || i >= length ? Double.NaN : values[(int) i];
  }

  /**
   * The newest reading that is not missing, at a slot or up to the longest season before it; NaN
   * where all are.
   */
  double lastKnown(long slot) {
    for (long s = slot; s > slot - longest; s--) {
      double value = value(s);
      if (!Double.isNaN(value)) {
        return value;
      }
    }
    return Double.NaN;
  }

  /** Takes a forecast and gives the one whose last step's truth has come with it, or null. */
  Outlook mature(Outlook made, long slot) {
    int i = (int) Math.floorMod(slot, (long) horizon);
    Outlook due = pending[i] != null && pendingSlots[i] == slot - horizon ? pending[i] : null;
    pending[i] = made;
    pendingSlots[i] = slot;
    if (!made.warmup()) {
      newest = made;
      if (i == horizon - 1) {
        chain.addLast(made);
        if (chain.size() > CHAIN) {
          chain.removeFirst();
        }
      }
    }
    return due;
  }

  /** Forecasts that follow on one another, each of H steps, oldest first. */
  List<Outlook> chain() {
    return List.copyOf(chain);
  }

  /** The newest forecast; null before the first. */
  Outlook newest() {
    return newest;
  }

  private void put(long slot, double value) {
    if (base == Long.MIN_VALUE) {
      base = slot;
    }
    if (slot < base) {
      return;
    }
    if (slot - base - length > LONG_SILENCE) {
      base = slot;
      length = 0;
    }
    long index = slot - base;
    if (index >= values.length) {
      index = makeRoom(slot);
    }
    int i = (int) index;
    if (i >= length) {
      Arrays.fill(values, length, i, Double.NaN);
      length = i + 1;
    }
    values[i] = value;
  }

  /**
   * Forgets what is too old to matter, grows where that is not enough; the slot's index afterwards.
   */
  private long makeRoom(long slot) {
    // Forecasts come back later than readings go out: what is dropped lies before anything still
    // awaited.
    long oldest = newest == null ? base : Math.max(base, firstNeeded());
    int drop = (int) Math.min(length, oldest - base);
    System.arraycopy(values, drop, values, 0, length - drop);
    base += drop;
    length -= drop;
    long index = slot - base;
    if (index >= values.length / 2) {
      values = Arrays.copyOf(values, Math.toIntExact(Math.max(index + 1, 2L * values.length)));
    }
    return index;
  }

  private long firstNeeded() {
    long seen = Long.MIN_VALUE;
    for (int i = 0; i < horizon; i++) {
      seen = Math.max(seen, pending[i] == null ? seen : pendingSlots[i]);
    }
    return seen - keep;
  }
}
