package dev.eddy.model.data;

/**
 * A place of a {@link PageCache}: a block of the file while it is in memory. Who holds on to a page
 * finds its columns gone once the cache needed their room.
 */
final class Page {
  final long block;
  Columns columns; // null once evicted
  int used; // when it was last looked up, by the cache's clock

  Page(long block, Columns columns, int used) {
    this.block = block;
    this.columns = columns;
    this.used = used;
  }
}
