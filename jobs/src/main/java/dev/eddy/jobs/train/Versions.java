package dev.eddy.jobs.train;

import java.io.IOException;

/** Refuses bytes of a format that this build does not know. */
final class Versions {
  private Versions() {}

  static void check(String what, int version, int newest) throws IOException {
    if (version < 1 || version > newest) {
      throw new IOException(
          "%s in this checkpoint has format version %d, this build of Eddy reads 1 to %d: train anew, or restore with the build that wrote it"
              .formatted(what, version, newest));
    }
  }
}
