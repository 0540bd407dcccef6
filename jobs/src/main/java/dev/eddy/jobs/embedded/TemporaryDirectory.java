package dev.eddy.jobs.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A directory that is gone when closed, with all that is in it. */
final class TemporaryDirectory implements AutoCloseable {
  private static final int ATTEMPTS = 5;

  private final Path path;

  /** Makes a new directory under {@code java.io.tmpdir}, readable by its owner only. */
  TemporaryDirectory(String prefix) {
    try {
      path = Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot make a temporary directory in " + System.getProperty("java.io.tmpdir"), e);
    }
  }

  /** The directory. */
  Path path() {
    return path;
  }

  @Override
  public void close() {
    IOException last = null;
    // A server's background thread may still finish a file while the tree is walked: then walk
    // again.
    for (int i = 0; i < ATTEMPTS && Files.exists(path); i++) {
      try {
        deleteTree();
      } catch (IOException e) {
        last = e;
      }
    }
    if (Files.exists(path)) {
      throw new UncheckedIOException("cannot delete " + path + "; delete it by hand", last);
    }
  }

  private void deleteTree() throws IOException {
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
