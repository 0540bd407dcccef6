package dev.eddy.jobs.registry;

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

  /** The live pointer moved. */
  record Pointed(String name, int version, long swapEpoch) implements ModelRecord {}

  /** A version was retired by a tombstone. */
  record Retired(String name, int version) implements ModelRecord {}
}
