package dev.eddy.jobs.train;

import dev.eddy.model.train.RoundSummary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/**
 * Where the time of a round goes, by the enumerator's clock; what is learned does not depend on it.
 * Not thread-safe.
 */
final class RoundClock {
  private final LongSupplier nanos;
  private final Map<Integer, Long> loaded = new TreeMap<>(); // by slot, when it had its data
  private final Map<Integer, Long> last = new TreeMap<>(); // by slot, when its update was folded
  private long start;

  /** A clock. nanos: as {@link System#nanoTime}. */
  RoundClock(LongSupplier nanos) {
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  /** A slot has its data. */
  void loaded(int slot) {
    loaded.put(slot, nanos.getAsLong());
  }

  /** A slot has no data (any more). */
  void gone(int slot) {
    loaded.remove(slot);
    last.remove(slot);
  }

  /** Work has been handed out to all. */
  void handedOut() {
    start = nanos.getAsLong();
    last.clear();
  }

  /** An update of a slot has been taken in. */
  void folded(int slot) {
    last.put(slot, nanos.getAsLong());
  }

  /**
   * For how long, in nanoseconds, these slots have been at what was handed out: since the last of
   * them had its data. 0 where one has none yet: loading takes the time that it takes.
   */
  long waited(Collection<Integer> slots) {
    if (!loaded.keySet().containsAll(slots)) {
      return 0;
    }
    long since = start;
    for (int slot : slots) {
      since = later(since, loaded.get(slot));
    }
    return nanos.getAsLong() - since;
  }

  /**
   * The report of the round that was completed now.
   *
   * @param slotOf where a shard is placed
   */
  RoundReport report(Stage stage, RoundSummary round, IntUnaryOperator slotOf) {
    long end = nanos.getAsLong();
    long begin = end;
    for (long had : loaded.values()) {
      begin = had - begin < 0 ? had : begin;
    }
    begin = later(start, begin); // the first round begins when the first slot has its data
    Map<Integer, Double> compute = new TreeMap<>();
    List<RoundReport.Shard> shards = new ArrayList<>();
    for (RoundSummary.Shard shard : round.shards()) {
      int slot = slotOf.applyAsInt(shard.shard());
      double seconds = shard.nanos() * 1e-9;
      compute.merge(slot, seconds, Double::sum);
      shards.add(
          new RoundReport.Shard(shard.shard(), slot, shard.samples(), shard.loss(), seconds));
    }
    List<RoundReport.Slot> slots = new ArrayList<>();
    for (Map.Entry<Integer, Double> entry : compute.entrySet()) {
      int slot = entry.getKey();
      long from = later(begin, loaded.getOrDefault(slot, begin));
      long to = last.getOrDefault(slot, end);
      double busy = Math.max(0, (to - from) * 1e-9);
      double computed = Math.min(entry.getValue(), busy);
      double idle = Math.max(0, (end - begin) * 1e-9 - busy);
      slots.add(new RoundReport.Slot(slot, computed, busy - computed, idle));
    }
    return new RoundReport(
        stage.text(),
        round.round() + 1,
        round.loss(),
        round.validationLoss(),
        round.samples(),
        (end - begin) * 1e-9,
        most(slots, Comparator.comparingDouble(slot -> slot.idle())),
        most(shards, Comparator.comparingDouble(shard -> -shard.seconds())),
        round.dropped());
  }

  /** All, in order; where there are too many for a message, the slowest. */
  private static <T> List<T> most(List<T> all, Comparator<T> slowest) {
    if (all.size() <= RoundReport.MOST) {
      return all;
    }
    List<T> kept = all.stream().sorted(slowest).limit(RoundReport.MOST).toList();
    return all.stream().filter(new HashSet<>(kept)::contains).toList();
  }

  /** The later of two times of {@link System#nanoTime}, which may run over. */
  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }
}
