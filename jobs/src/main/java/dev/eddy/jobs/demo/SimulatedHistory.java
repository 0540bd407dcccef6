package dev.eddy.jobs.demo;

import dev.eddy.model.data.RawSeries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The history of the demo's simulated meters without a broker: for experiments. */
public final class SimulatedHistory {
  private SimulatedHistory() {}

  /**
   * What a job would read of the history: garbage is left out, and so are readings that come after
   * a newer one of their meter.
   *
   * @param meters how many
   * @param hours of history
   * @param seed everything follows from it
   * @return one series for each meter
   */
  public static List<RawSeries> series(int meters, int hours, long seed) {
    MeterSimulator simulator = new MeterSimulator(meters, hours, seed, Outgoing.Fields.PLAIN);
    Map<String, RawSeries> series = new LinkedHashMap<>();
    simulator.entities().forEach(name -> series.put(name, new RawSeries(name)));
    for (Outgoing next = simulator.nextHistory(); next != null; next = simulator.nextHistory()) {
      if (next.good()) {
        series.get(next.entity()).add(next.time(), next.value());
      }
    }
    series.values().forEach(RawSeries::trim);
    return new ArrayList<>(series.values());
  }
}
