package dev.eddy.jobs.io;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.apache.flink.core.fs.Path;

/** The text of a file, plain or gzip, told by its first bytes, without its byte order mark. */
final class FileBytes {
  private static final byte[] UTF8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
  private static final int HEAD = 4;

  private FileBytes() {}

  /**
   * A stream of text.
   *
   * @throws BadFileException if it begins like something else: UTF-16, Parquet
   */
  static InputStream text(Path file, InputStream raw) throws IOException {
    InputStream plain = gunzip(raw);
    byte[] head = plain.readNBytes(HEAD);
    if (head.length >= 2 && (head[0] & 0xff) + (head[1] & 0xff) == 0xfe + 0xff) {
      throw new BadFileException(file, "is UTF-16; write it as UTF-8");
    }
    if (Arrays.equals(head, ParquetFile.MAGIC)) {
      throw new BadFileException(file, "is a Parquet file; set source.format to parquet");
    }
    int mark =
        head.length >= 3 && Arrays.equals(Arrays.copyOf(head, 3), UTF8_MARK) ? UTF8_MARK.length : 0;
    return new SequenceInputStream(new ByteArrayInputStream(head, mark, head.length - mark), plain);
  }

  private static InputStream gunzip(InputStream raw) throws IOException {
    Ahead in = new Ahead(raw);
    return in.startsWith(0x1f, 0x8b) ? new GZIPInputStream(in, 1 << 16) : in;
  }

  /**
   * Looks ahead, so that {@link #available()} is above 0 until the end: {@link GZIPInputStream}
   * asks for it after each member of a file made of several, and streams of remote files answer 0.
   */
  private static final class Ahead extends InputStream {
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;

    Ahead(InputStream in) {
      this.in = in;
    }

    boolean startsWith(int first, int second) throws IOException {
      while (end < 2) {
        int count = in.read(buffer, end, buffer.length - end);
        if (count < 0) {
          return false;
        }
        end += count;
      }
      return (buffer[0] & 0xff) == first && (buffer[1] & 0xff) == second;
    }

    private boolean fill() throws IOException {
      if (at == end) {
        at = 0;
        end = Math.max(0, in.read(buffer));
      }
      return at < end;
    }

    @Override
    public int read() throws IOException {
      return fill() ? buffer[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int taken = Math.min(count, end - at);
      System.arraycopy(buffer, at, bytes, from, taken);
      at += taken;
      return taken;
    }

    @Override
    public int available() throws IOException {
      return fill() ? end - at : 0;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
