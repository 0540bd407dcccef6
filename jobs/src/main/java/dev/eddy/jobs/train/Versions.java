package dev.eddy.jobs.train;

import java.io.IOException;

/** Refuses bytes of a format that this build does not know. */
final class Versions {
  private Versions() {}

  static void check(String what, int version, int only) throws IOException {
    if (version != only) {
      throw new IOException(
          "%s in this checkpoint has format version %d, this build of Eddy reads %d: train anew, or restore with the build that wrote it"
              .formatted(what, version, only));
    }
  }
}
