package dev.eddy.jobs.history;

import dev.eddy.jobs.io.Parsed.Event;
import dev.eddy.model.data.SeriesBuilder;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * One entity's events on their way into its series, in the order in which serving would apply them:
 * what comes too late is left out, and with {@code ordering.max-delay} events wait to be put in
 * order by the entity's own clock.
 */
final class Arrivals {
  /** What an event that waits takes in memory. */
  private static final int WAITING_BYTES = 64;

  private static final Comparator<Waiting> ORDER =
      Comparator.comparingLong(Waiting::time).thenComparingLong(Waiting::offset);

  /** What is needed of an event that waits. */
  private record Waiting(long time, long offset, double value) {}

  private final SeriesBuilder builder;
  private final SeriesBuilder.Series series;
  private final int partition;
  private PriorityQueue<Waiting> waiting; // null until the first has to wait
  private long clock = Long.MIN_VALUE;
  private long late;

  /** An entity that has been seen in a partition for the first time. */
  Arrivals(SeriesBuilder builder, String entity, int partition) {
    this.builder = builder;
    this.series = builder.series(entity);
    this.partition = partition;
  }

  /** The partition that the entity lives in. */
  int partition() {
    return partition;
  }

  /** Takes in an event; maxDelay in milliseconds, 0 applies it at once. */
  void add(Event event, long maxDelay) {
    if (maxDelay == 0) {
      apply(event.time(), event.value());
      return;
    }
    if (waiting == null) {
      waiting = new PriorityQueue<>(1, ORDER);
    }
    builder.reserve(WAITING_BYTES);
    waiting.add(new Waiting(event.time(), event.position().offset(), event.value()));
    clock = Math.max(clock, event.time());
    while (!waiting.isEmpty() && clock - waiting.peek().time() >= maxDelay) {
      applyNext();
    }
  }

  /** Applies what still waits, once nothing more comes. */
  void finish() {
    while (waiting != null && !waiting.isEmpty()) {
      applyNext();
    }
  }

  /** Events left out because a later one had been applied before. */
  long late() {
    return late;
  }

  private void applyNext() {
    Waiting next = waiting.poll();
    builder.reserve(-WAITING_BYTES);
    apply(next.time(), next.value());
  }

  private void apply(long time, double value) {
    if (!builder.add(series, time, value)) {
      late++;
    }
  }
}
