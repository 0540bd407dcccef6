package dev.eddy.model.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A stretch of a file that holds readings sorted by series, read once from its beginning to its
 * end: of each series its number, how many readings follow, and these (time, value).
 */
final class Run {
  private final TemporaryFile file;
  private final byte[] bytes;
  private final ByteBuffer buffer; // over the bytes: those that have been read and not handed on
  private long at;
  private final long end;
  private int series;
  private int left;

  /**
   * A run, before its first series.
   *
   * @param bytes of the buffer through which it is read
   */
  Run(TemporaryFile file, long start, long end, int bytes) {
    this.file = file;
    this.at = start;
    this.end = end;
    this.bytes = new byte[bytes];
    this.buffer = ByteBuffer.wrap(this.bytes).order(ByteOrder.nativeOrder()).limit(0);
    next();
  }

  /** The series whose readings come next; -1 at the end. */
  int series() {
    return series;
  }

  /** Hands the readings of this series on and goes to the next series. */
  void copy(SeriesFile.Writer to, RunningScale scale) {
    for (; left > 0; left--) {
      require(Long.BYTES + Double.BYTES);
      long time = buffer.getLong();
      double value = buffer.getDouble();
      scale.add(value);
      to.add(time, value, scale);
    }
    next();
  }

  private void next() {
    if (at == end && !buffer.hasRemaining()) {
      series = -1;
      return;
    }
    require(2 * Integer.BYTES);
    series = buffer.getInt();
    left = buffer.getInt();
  }

  private void require(int wanted) {
    if (buffer.remaining() < wanted) {
      buffer.compact();
      int more = (int) Math.min(buffer.remaining(), end - at);
      file.read(0, at, bytes, buffer.position(), more);
      at += more;
      buffer.limit(buffer.position() + more).position(0);
    }
  }

  /** Writes a run at the end of a file. */
  static final class Writer {
    private final TemporaryFile file;
    private final byte[] bytes;
    private final ByteBuffer buffer; // over the bytes: those that have not been written yet

    /**
     * A run without series.
     *
     * @param bytes of the buffer through which it is written
     */
    Writer(TemporaryFile file, int bytes) {
      this.file = file;
      this.bytes = new byte[bytes];
      this.buffer = ByteBuffer.wrap(this.bytes).order(ByteOrder.nativeOrder());
    }

    /** A series, of which so many readings will follow. */
    void begin(int series, int readings) {
      require(2 * Integer.BYTES);
      buffer.putInt(series).putInt(readings);
    }

    void add(long time, double value) {
      require(Long.BYTES + Double.BYTES);
      buffer.putLong(time).putDouble(value);
    }

    /** Writes what is left. */
    void finish() {
      file.append(bytes, buffer.position());
      buffer.clear();
    }

    private void require(int wanted) {
      if (buffer.remaining() < wanted) {
        finish();
      }
    }
  }
}
