package dev.eddy.jobs.registry;

import java.util.List;

/** Where the bytes of a published model lie. */
public sealed interface Location {

  /** In the manifest's own record, in base64. */
  record Inline() implements Location {
    @Override
    public String toString() {
      return "in its manifest";
    }
  }

  /**
   * In records of their own, written before the manifest.
   *
   * @param sha256 hex of each chunk, in order
   */
  record Chunks(List<String> sha256) implements Location {
    /** Keeps a copy. */
    public Chunks {
      sha256 = List.copyOf(sha256);
    }

    @Override
    public String toString() {
      return "in " + sha256.size() + " chunks";
    }
  }

  /**
   * In a file, through Flink's file systems.
   *
   * @param uri where; must lie under an allowed folder to be read
   */
  record File(String uri) implements Location {
    @Override
    public String toString() {
      return "at " + uri;
    }
  }
}
