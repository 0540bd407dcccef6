package dev.eddy.jobs.registry;

import java.util.List;

/** A record of the models topic as the serving job sees it: references, never bytes. */
public sealed interface ModelRecord {
  /** The pipeline it belongs to. */
  String name();

  /** A version was published; the reference's swap epoch is 0. */
  record Published(ModelRef ref) implements ModelRecord {
    @Override
    public String name() {
      return ref.name();
    }
  }

  /**
   * The live pointer moved.
   *
   * @param name the pipeline
   * @param version the version that is live from here on
   * @param swapEpoch rises with every change
   * @param sha256 hex of that version's model file; empty in records of format 1, which do not say
   * @param previous the versions to roll back to, the latest first; empty in records of format 1
   */
  record Pointed(String name, int version, long swapEpoch, String sha256, List<Integer> previous)
      implements ModelRecord {
    /** Keeps a copy. */
    public Pointed {
      previous = List.copyOf(previous);
    }

    /** Whether a model file of this hash may be what the pointer means. */
    public boolean means(String hash) {
      return sha256.isEmpty() || sha256.equals(hash);
    }
  }

  /** A version was retired: its number is never given again. */
  record Retired(String name, int version) implements ModelRecord {}
}
