package dev.eddy.model.data;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many series, in memory or in a file, that several readers share, each by a {@link View} of its
 * own. Made by a {@link SeriesBuilder}. Thread-safe.
 */
public final class SeriesStore implements AutoCloseable {
  /**
   * Where a series lies in the file.
   *
   * @param name its name
   * @param first its first reading's number
   * @param length how many readings
   */
  record Place(String name, long first, int length) {}

  private final List<RawSeries> inMemory; // null where stored
  private final SeriesFile file; // null where in memory
  private final List<Place> places; // sorted by name; empty where in memory
  private final int scaleWindow;
  private final long budget;
  private final long indexBytes;
  private final long readings;
  private final AtomicInteger views = new AtomicInteger();

  /** Series in memory, sorted by name. */
  SeriesStore(List<RawSeries> inMemory, long indexBytes, long readings) {
    this.inMemory = List.copyOf(inMemory);
    this.file = null;
    this.places = List.of();
    this.scaleWindow = 0;
    this.budget = 0;
    this.indexBytes = indexBytes;
    this.readings = readings;
  }

  /** Series in a file, sorted by name. The file is closed with this. */
  SeriesStore(SeriesFile file, List<Place> places, int scaleWindow, long budget, long indexBytes) {
    this.inMemory = null;
    this.file = file;
    this.places = List.copyOf(places);
    this.scaleWindow = scaleWindow;
    this.budget = budget;
    this.indexBytes = indexBytes;
    this.readings = file.readings();
  }

  /** Readings of all series. */
  public long readings() {
    return readings;
  }

  /** How many series. */
  public int entities() {
    return inMemory == null ? places.size() : inMemory.size();
  }

  /** Bytes on disk; 0 where all is in memory. */
  public long diskBytes() {
    return file == null ? 0 : file.bytes();
  }

  /** The series for one more reader, who closes the view when it needs them no more. */
  public View open() {
    return new View();
  }

  /** Closes and so deletes the file. Views cannot be read any more. */
  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }

  /** One reader's way to the series: with a cache of its own, where they lie in a file. */
  public final class View implements AutoCloseable {
    private final PageCache cache; // null where in memory
    private final List<RawSeries> series;

    private View() {
      if (inMemory != null) {
        cache = null;
        series = inMemory;
        return;
      }
      cache = new PageCache(file, views.getAndIncrement(), budget - indexBytes);
      List<RawSeries> all = new ArrayList<>(places.size());
      for (Place place : places) {
        StoredSeries stored =
            new StoredSeries(cache, file.shift(), place.first(), place.length(), scaleWindow);
        all.add(new RawSeries(place.name(), stored, place.length()));
      }
      series = List.copyOf(all);
    }

    /** One per entity, sorted by entity. Threads may share them. */
    public List<RawSeries> series() {
      return series;
    }

    /**
     * What the series take in memory now: what is kept for each, and the readings (with the scale
     * after each) that are in memory, be it all of them.
     */
    public long bytes() {
      return indexBytes + (cache == null ? readings * Columns.READING_BYTES : cache.bytes());
    }

    /** Lets go of the cache. */
    @Override
    public void close() {
      if (cache != null) {
        cache.close();
      }
    }
  }
}
