package dev.eddy.model.data;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file for what does not fit into memory. Its name is deleted as soon as it is open, so that
 * nothing is left behind however the process ends; where the system does not allow that, it is
 * deleted when it is closed.
 *
 * <p>Read and written with plain calls: a channel would be closed for all its users when one of
 * their threads is interrupted. Several handles, so that threads seldom wait for one another.
 */
final class TemporaryFile implements Closeable {
  private static final int HANDLES = 4;

  private final Path place;
  private final RandomAccessFile[] handles = new RandomAccessFile[HANDLES];
  private Path named; // null once the name is gone
  private long size;

  private TemporaryFile(Path place) {
    this.place = place;
  }

  /**
   * A new, empty file.
   *
   * @throws UncheckedIOException naming the directory, if it cannot be made there
   */
  static TemporaryFile in(Path directory) {
    try {
      Path path = Files.createTempFile(directory, "eddy-history-", ".tmp");
      TemporaryFile file = on(path);
      try {
        Files.delete(path);
      } catch (IOException e) { // not while it is in use: Windows
        file.named = path;
        path.toFile().deleteOnExit();
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no temporary file can be made in %s (%s): set io.tmp.dirs to a directory that exists and may be written to"
              .formatted(directory, e),
          e);
    }
  }

  /** A file that is there. */
  static TemporaryFile on(Path path) throws IOException {
    TemporaryFile file = new TemporaryFile(path);
    try {
      for (int i = 0; i < HANDLES; i++) {
        file.handles[i] = new RandomAccessFile(path.toFile(), "rw");
      }
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return file;
  }

  /** Adds bytes at the end; one thread only. */
  void append(byte[] bytes, int length) {
    try {
      handles[0].seek(size);
      handles[0].write(bytes, 0, length);
      size += length;
    } catch (IOException e) {
      throw failed("write to", e);
    }
  }

  /**
   * Reads bytes.
   *
   * @param reader any number: the same one, the same handle
   */
  void read(int reader, long at, byte[] into, int offset, int length) {
    RandomAccessFile handle = handles[Math.floorMod(reader, HANDLES)];
    synchronized (handle) {
      try {
        handle.seek(at);
        handle.readFully(into, offset, length);
      } catch (EOFException e) {
        throw failed("read", new IOException("it ends before byte " + (at + length), e));
      } catch (IOException e) {
        throw failed("read", e);
      }
    }
  }

  /** Bytes in it. */
  long size() {
    return size;
  }

  @Override
  public void close() {
    try {
      for (RandomAccessFile handle : handles) {
        if (handle != null) {
          synchronized (handle) { // not while another thread reads
            handle.close();
          }
        }
      }
      if (named != null) {
        Files.deleteIfExists(named);
      }
    } catch (IOException e) {
      throw failed("close", e);
    }
  }

  /** What to tell of a failure. */
  UncheckedIOException failed(String what, IOException cause) {
    return new UncheckedIOException(
        "cannot %s the temporary file of the history in %s, which has %,d bytes (%s): where the disk is full, point io.tmp.dirs to a larger one or raise training.memory"
            .formatted(what, place.getParent(), size, cause.getMessage()),
        cause);
  }
}
