package dev.eddy.jobs.state;

import dev.eddy.jobs.io.Parsed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The events of one entity that wait for {@code ordering.max-delay}, sorted by (time, partition,
 * offset). The clock is the entity's own: the time of the newest event that came. Mutable, like
 * {@link EntityState}.
 */
public final class DelayedEvents {
  /** The order in which an entity's events are applied. */
  public static final Comparator<Parsed.Event> ORDER =
      Comparator.comparingLong(Parsed.Event::time)
          .thenComparingInt(event -> event.position().partition())
          .thenComparingLong(event -> event.position().offset());

  final List<Parsed.Event> events;

  /** Nothing waits. */
  public DelayedEvents() {
    this(new ArrayList<>());
  }

  DelayedEvents(List<Parsed.Event> events) {
    this.events = events;
  }

  /** Puts an event in its place. */
  public void add(Parsed.Event event) {
    int at = events.size();
    while (at > 0 && ORDER.compare(events.get(at - 1), event) > 0) {
      at--;
    }
    events.add(at, event);
  }

  /** Takes out, in order, what is older than the newest by at least maxDelay milliseconds. */
  public List<Parsed.Event> release(long maxDelay) {
    if (events.isEmpty()) {
      return List.of();
    }
    long clock = events.get(events.size() - 1).time();
    int count = 0;
    // A clock close to Long.MIN_VALUE would wrap around and release everything.
    long due = clock - maxDelay > clock ? Long.MIN_VALUE : clock - maxDelay;
    while (count < events.size() && events.get(count).time() <= due) {
      count++;
    }
    return take(count);
  }

  /** Takes out all, in order. */
  public List<Parsed.Event> releaseAll() {
    return take(events.size());
  }

  /** How many wait. */
  public int size() {
    return events.size();
  }

  private List<Parsed.Event> take(int count) {
    List<Parsed.Event> head = events.subList(0, count);
    List<Parsed.Event> taken = List.copyOf(head);
    head.clear();
    return taken;
  }
}
