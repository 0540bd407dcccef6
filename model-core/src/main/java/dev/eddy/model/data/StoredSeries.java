package dev.eddy.model.data;

import java.util.Objects;

/**
 * Where one series lies in a {@link SeriesFile}, read through a cache. Remembers the page that it
 * was read from last, so that going along it step by step costs no look-up. Threads may share it:
 * what they race for is remembered, not read.
 */
final class StoredSeries {
  private final PageCache cache;
  private final int shift; // a block has 2^shift readings
  private final long first; // reading 0's number in the file
  private final int length;
  private final int window;
  private Page page;

  /**
   * A series of a file.
   *
   * @param first its first reading's number in the file
   * @param length how many readings
   * @param window of the scale that lies beside them
   */
  StoredSeries(PageCache cache, int shift, long first, int length, int window) {
    this.cache = cache;
    this.shift = shift;
    this.first = first;
    this.length = length;
    this.window = window;
  }

  int window() {
    return window;
  }

  void remember(Page last) {
    page = last;
  }

  long time(int t) {
    return columns(t).times()[place(t)];
  }

  double value(int t) {
    return columns(t).values()[place(t)];
  }

  double mean(int t) {
    return columns(t).means()[place(t)];
  }

  double std(int t) {
    return columns(t).stds()[place(t)];
  }

  private int place(int t) {
    return (int) (first + t) & ((1 << shift) - 1);
  }

  private Columns columns(int t) {
    Objects.checkIndex(t, length);
    long block = (first + t) >>> shift;
    Page last = page;
    if (last != null && last.block == block) {
      Columns columns = last.columns;
      if (columns != null) {
        return columns;
      }
    }
    return cache.get(block, this);
  }
}
