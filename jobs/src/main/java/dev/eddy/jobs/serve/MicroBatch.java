package dev.eddy.jobs.serve;

import dev.eddy.jobs.io.Parsed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Events that wait to be stepped together, in the order in which they came, and their cutting into
 * waves: a wave holds at most one event of each entity, and the events of an entity stand in
 * successive waves in order.
 */
final class MicroBatch {
  /**
   * One event and when it came.
   *
   * @param event immutable, so that holding it is safe where Flink reuses the record around it
   * @param nanos {@link System#nanoTime()} of its arrival; for metrics alone
   */
  record Arrival(Parsed.Event event, long nanos) {}

  private final List<Arrival> arrivals = new ArrayList<>();

  /** Puts an event behind the others. */
  void add(Parsed.Event event, long nanos) {
    arrivals.add(new Arrival(event, nanos));
  }

  /** How many wait. */
  int size() {
    return arrivals.size();
  }

  /** Takes all out, as waves. */
  List<List<Arrival>> takeWaves() {
    List<List<Arrival>> waves = new ArrayList<>();
    Map<String, Integer> next = new HashMap<>();
    for (Arrival arrival : arrivals) {
      int wave = next.merge(arrival.event().entity(), 1, Integer::sum) - 1;
      if (wave == waves.size()) {
        waves.add(new ArrayList<>());
      }
      waves.get(wave).add(arrival);
    }
    arrivals.clear();
    return waves;
  }
}
