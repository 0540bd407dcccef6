package dev.eddy.jobs.history;

import dev.eddy.model.data.SeriesStore;

/**
 * A history that has been read once and lies in memory or on disk, for as many readers as there are
 * slots in the process.
 *
 * @param store its series. Closed with this
 * @param records records read
 * @param bad records that are no events
 * @param late events that came too late to be applied
 * @param outside events outside {@code training.start} and {@code training.end}
 */
record StoredHistory(SeriesStore store, long records, long bad, long late, long outside)
    implements AutoCloseable {

  /**
   * One reader's way to it.
   *
   * @param whenClosed run when the reader needs it no more
   */
  LoadedHistory open(Runnable whenClosed) {
    return new LoadedHistory(this, whenClosed);
  }

  /** How much it is, for people. */
  String summary() {
    String text =
        "%,d readings of %,d entities; of %,d records %,d bad, %,d late, %,d outside training.start and end"
            .formatted(store.readings(), store.entities(), records, bad, late, outside);
    long disk = store.diskBytes() >> 20;
    return disk == 0 ? text : text + "; %,d MB on disk".formatted(disk);
  }

  @Override
  public void close() {
    store.close();
  }
}
