package dev.eddy.model.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Readings on disk, series after series, cut into blocks of equally many readings (the last one has
 * what is left). A series may begin anywhere in a block.
 *
 * <pre>
 * file    block 0 | block 1 | ...
 * block   times [n] | values [n] | means [n] | stds [n] | block number (int) | CRC-32C of it all (int)
 * </pre>
 *
 * <p>Numbers are in the machine's own byte order: no other machine ever reads the file. Threads may
 * share it.
 */
final class SeriesFile implements Closeable {
  /** What a block has besides its readings. */
  private static final int TRAILER = 2 * Integer.BYTES;

  private final TemporaryFile file;
  private final int shift;
  private final long readings;

  private SeriesFile(TemporaryFile file, int shift, long readings) {
    this.file = file;
    this.shift = shift;
    this.readings = readings;
  }

  /** Writes a file from its beginning to its end. Not thread-safe. */
  static final class Writer implements Closeable {
    private final TemporaryFile file;
    private final int shift;
    private final Columns columns; // of the block that is being filled
    private final byte[] bytes;
    private int filled;
    private long readings;

    /**
     * An empty file.
     *
     * @param file where to write
     * @param shift a block has 2^shift readings
     */
    Writer(TemporaryFile file, int shift) {
      this.file = file;
      this.shift = shift;
      this.columns = new Columns(1 << shift);
      this.bytes = new byte[blockBytes(shift)];
    }

    /** What writing takes in memory. */
    static long bufferBytes(int shift) {
      return PageCache.pageBytes(1 << shift) + blockBytes(shift);
    }

    /** How many readings have been added: the next one's number. */
    long readings() {
      return readings;
    }

    /** Adds a reading and the scale after it. */
    void add(long time, double value, RunningScale scale) {
      columns.times()[filled] = time;
      columns.values()[filled] = value;
      columns.means()[filled] = scale.mean();
      columns.stds()[filled] = scale.std();
      filled++;
      readings++;
      if (filled == 1 << shift) {
        flush();
      }
    }

    private void flush() {
      ByteBuffer to = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      for (int i = 0; i < filled; i++) {
        to.putLong(columns.times()[i]);
      }
      for (double[] column : columns.numbers()) {
        for (int i = 0; i < filled; i++) {
          to.putDouble(column[i]);
        }
      }
      to.putInt((int) ((readings - 1) >>> shift));
      to.putInt(checksum(bytes, to.position()));
      file.append(bytes, to.position());
      filled = 0;
    }

    /** The whole file, to be read; this writer is spent then. */
    SeriesFile finish() {
      if (filled > 0) {
        flush();
      }
      return new SeriesFile(file, shift, readings);
    }

    /** Gives the file up. */
    @Override
    public void close() {
      file.close();
    }
  }

  int shift() {
    return shift;
  }

  /** Readings of a block. */
  int blockReadings() {
    return 1 << shift;
  }

  /** Bytes of a block. */
  int blockBytes() {
    return blockBytes(shift);
  }

  private static int blockBytes(int shift) {
    return (Columns.READING_BYTES << shift) + TRAILER;
  }

  /** How many readings. */
  long readings() {
    return readings;
  }

  /** Bytes on disk. */
  long bytes() {
    return file.size();
  }

  /**
   * Reads a block.
   *
   * @param reader spreads readers over the file's handles
   * @param buffer {@code [blockBytes]}. Modified
   */
  Columns read(long block, int reader, byte[] buffer) {
    int count = (int) Math.min(blockReadings(), readings - (block << shift));
    int size = count * Columns.READING_BYTES + TRAILER;
    file.read(reader, block * blockBytes(), buffer, 0, size);
    ByteBuffer from = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());
    if (from.getInt(size - TRAILER) != (int) block
        || from.getInt(size - Integer.BYTES) != checksum(buffer, size - Integer.BYTES)) {
      throw file.failed(
          "use",
          new IOException("block %,d is not what was written: damaged on disk".formatted(block)));
    }
    Columns columns = new Columns(count);
    from.asLongBuffer().get(columns.times());
    from.asDoubleBuffer()
        .position(count)
        .get(columns.values())
        .get(columns.means())
        .get(columns.stds());
    return columns;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    file.close();
  }
}
