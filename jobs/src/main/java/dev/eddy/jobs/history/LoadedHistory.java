package dev.eddy.jobs.history;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.data.SeriesStore;
import java.util.List;

/** What was loaded, for one reader: with a cache of its own where it lies on disk. */
public final class LoadedHistory implements AutoCloseable {
  private final StoredHistory stored;
  private final SeriesStore.View view;
  private final Runnable whenClosed;
  private boolean closed;

  /**
   * One reader's way to a history.
   *
   * @param whenClosed run when the reader needs it no more
   */
  LoadedHistory(StoredHistory stored, Runnable whenClosed) {
    this.stored = stored;
    this.view = stored.store().open();
    this.whenClosed = whenClosed;
  }

  /** One per entity, sorted by entity. */
  public List<RawSeries> series() {
    return view.series();
  }

  /** Records read. */
  public long records() {
    return stored.records();
  }

  /** Records that are no events. */
  public long bad() {
    return stored.bad();
  }

  /** Events that came too late to be applied. */
  public long late() {
    return stored.late();
  }

  /** Events outside {@code training.start} and {@code training.end}. */
  public long outside() {
    return stored.outside();
  }

  /** How much it is, for people. */
  public String summary() {
    return stored.summary();
  }

  /** What it takes of {@code training.memory} now: index, readings, cache. */
  public long memoryBytes() {
    return view.bytes();
  }

  /** What it takes on disk, for all readers in this process together. */
  public long diskBytes() {
    return stored.store().diskBytes();
  }

  /** The series cannot be read any more. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      view.close();
      whenClosed.run();
    }
  }
}
