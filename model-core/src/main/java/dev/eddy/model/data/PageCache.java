package dev.eddy.model.data;

/**
 * The blocks of a {@link SeriesFile} that are in memory: a fixed number of places, eight to a set;
 * a block belongs to one set, and takes the place there that was not looked up for longest.
 *
 * <p>Threads may share it. Looking up what is there takes no lock: a race over a page's columns
 * ends with a null, which is as if the page had never been found, and a race over the clock with
 * another page evicted, which costs time only.
 */
final class PageCache implements AutoCloseable {
  private static final int WAYS = 8;

  private final SeriesFile file;
  private final int reader;
  private final Page[] places; // [sets][WAYS]
  private final int sets;
  private final byte[] buffer;
  private int clock;
  private int held;
  private boolean closed;

  /**
   * An empty cache.
   *
   * @param reader spreads the readers of a file over its handles
   * @param bytes what pages and buffer may take together
   */
  PageCache(SeriesFile file, int reader, long bytes) {
    this.file = file;
    this.reader = reader;
    this.buffer = new byte[file.blockBytes()];
    long pages = (bytes - buffer.length) / pageBytes(file.blockReadings());
    this.sets = (int) Math.max(1, Math.min(pages / WAYS, 1 << 24));
    this.places = new Page[sets * WAYS];
  }

  /** What a page of n readings takes: the readings, the objects around them, and its place. */
  static long pageBytes(int n) {
    return (long) n * Columns.READING_BYTES + Columns.OVERHEAD_BYTES + Long.BYTES;
  }

  /**
   * The columns of a block, from memory or from the file.
   *
   * @param series remembers the page. Modified
   */
  Columns get(long block, StoredSeries series) {
    int set = (int) Math.floorMod((block * 0x9E37_79B9_7F4A_7C15L) >>> 17, (long) sets) * WAYS;
    Columns found = find(block, set, series);
    return found != null ? found : load(block, set, series);
  }

  private Columns find(long block, int set, StoredSeries series) {
    for (int i = set; i < set + WAYS; i++) {
      Page page = places[i];
      if (page != null && page.block == block) {
        Columns columns = page.columns;
        if (columns != null) {
          page.used = ++clock;
          series.remember(page);
          return columns;
        }
      }
    }
    return null;
  }

  private synchronized Columns load(long block, int set, StoredSeries series) {
    if (closed) {
      throw new IllegalStateException("the history has been closed");
    }
    Columns found = find(block, set, series); // another thread may have been faster
    if (found != null) {
      return found;
    }
    int place = oldest(set);
    if (places[place] == null) {
      held++;
    } else {
      places[place].columns = null;
    }
    Columns columns = file.read(block, reader, buffer);
    Page page = new Page(block, columns, ++clock);
    places[place] = page;
    series.remember(page);
    return columns;
  }

  private int oldest(int set) {
    int oldest = set;
    for (int i = set; i < set + WAYS; i++) {
      if (places[i] == null) {
        return i;
      }
      if (clock - places[i].used > clock - places[oldest].used) { // the clock may wrap around
        oldest = i;
      }
    }
    return oldest;
  }

  /** What pages and buffer take now. */
  synchronized long bytes() {
    return buffer.length
        + (long) places.length * Long.BYTES
        + held * (pageBytes(file.blockReadings()) - Long.BYTES);
  }

  /** Lets go of all pages; nothing can be looked up any more. The file stays open. */
  @Override
  public synchronized void close() {
    closed = true;
    held = 0;
    for (int i = 0; i < places.length; i++) {
      if (places[i] != null) {
        places[i].columns = null;
        places[i] = null;
      }
    }
  }
}
