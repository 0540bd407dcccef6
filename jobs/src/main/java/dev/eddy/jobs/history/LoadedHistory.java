package dev.eddy.jobs.history;

import dev.eddy.model.data.RawSeries;
import java.util.List;

/**
 * What was loaded.
 *
 * @param series one per entity, sorted by entity
 * @param records records read
 * @param bad records that are no events
 * @param late events that came too late to be applied
 * @param outside events outside {@code training.start} and {@code training.end}
 */
public record LoadedHistory(
    List<RawSeries> series, long records, long bad, long late, long outside) {

  /** How much it is, for people. */
  public String summary() {
    long readings = series.stream().mapToLong(RawSeries::length).sum();
    return "%,d readings of %,d entities; of %,d records %,d bad, %,d late, %,d outside training.start and end"
        .formatted(readings, series.size(), records, bad, late, outside);
  }
}
