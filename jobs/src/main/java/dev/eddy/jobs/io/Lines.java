package dev.eddy.jobs.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Lines of bytes, ended by {@code \n} or {@code \r\n}, each of a bounded length. */
final class Lines {
  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[1 << 16];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private int at;
  private int end;
  private long length;

  Lines(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /**
   * The next line without its end; null after the last. Of a line that is too long only the
   * beginning is kept.
   */
  byte[] next() throws IOException {
    line.reset();
    length = 0;
    boolean any = false;
    while (at < end || fill()) {
      any = true;
      int stop = at;
      while (stop < end && buffer[stop] != '\n') {
        stop++;
      }
      take(stop);
      boolean ended = stop < end;
      at = ended ? stop + 1 : end;
      if (ended) {
        break;
      }
    }
    return any ? withoutReturn() : null;
  }

  /** How many bytes the last line has. */
  long length() {
    return length;
  }

  /** Whether the last line is longer than allowed. */
  boolean tooLong() {
    return length > maxBytes;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }

  private void take(int stop) {
    int kept = (int) Math.min(stop - at, Math.max(0, maxBytes + 1L - length));
    line.write(buffer, at, kept);
    length += stop - at;
  }

  private byte[] withoutReturn() {
    byte[] bytes = line.toByteArray();
    if (length == bytes.length && length > 0 && bytes[bytes.length - 1] == '\r') {
      length--;
      return Arrays.copyOf(bytes, bytes.length - 1);
    }
    return bytes;
  }
}
