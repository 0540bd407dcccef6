package dev.eddy.jobs.history;

import dev.eddy.jobs.io.Parsed.Event;
import dev.eddy.model.data.RawSeries;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * One entity's events on their way into its series, in the order in which serving would apply them:
 * what comes too late is left out, and with {@code ordering.max-delay} events wait to be put in
 * order by the entity's own clock.
 */
final class Arrivals {
  private static final Comparator<Event> ORDER =
      Comparator.comparingLong(Event::time).thenComparingLong(event -> event.position().offset());

  private final RawSeries series;
  private final int partition;
  private final PriorityQueue<Event> waiting = new PriorityQueue<>(1, ORDER);
  private long clock = Long.MIN_VALUE;
  private long late;

  /** An entity that has been seen in a partition for the first time. */
  Arrivals(String entity, int partition) {
    this.series = new RawSeries(entity);
    this.partition = partition;
  }

  /** The partition that the entity lives in. */
  int partition() {
    return partition;
  }

  /** Takes in an event; maxDelay in milliseconds, 0 applies it at once. */
  void add(Event event, long maxDelay) {
    if (maxDelay == 0) {
      apply(event);
      return;
    }
    waiting.add(event);
    clock = Math.max(clock, event.time());
    while (!waiting.isEmpty() && clock - waiting.peek().time() >= maxDelay) {
      apply(waiting.poll());
    }
  }

  /** The series, once nothing more comes. */
  RawSeries finish() {
    while (!waiting.isEmpty()) {
      apply(waiting.poll());
    }
    series.trim();
    return series;
  }

  /** Events left out because a later one had been applied before. */
  long late() {
    return late;
  }

  private void apply(Event event) {
    if (!series.add(event.time(), event.value())) {
      late++;
    }
  }
}
