package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.IntSeq;

/** What the layers that look ids up in a table check. */
final class EmbeddingTable {
  private EmbeddingTable() {}

  /** Checks a table's size. */
  static void check(String kind, int vocabulary, int units) {
    if (vocabulary < 1 || vocabulary > Limits.UNITS || units < 1 || units > Limits.UNITS) {
      throw new IllegalArgumentException(
          "%s: vocabulary and units must be from 1 to %,d, got vocabulary=%d units=%d"
              .formatted(kind, Limits.UNITS, vocabulary, units));
    }
  }

  /**
   * Checks the ids of the steps that are real.
   *
   * @throws IllegalArgumentException naming the first id outside the vocabulary and where it stands
   */
  static void checkIds(String kind, String part, IntSeq ids, Bundle input, int vocabulary) {
    for (int t = 0; t < ids.time(); t++) {
      for (int b = 0; b < ids.batch(); b++) {
        int id = ids.data()[t * ids.batch() + b];
        if ((id < 0 || id >= vocabulary) && input.real(t, b)) {
          throw new IllegalArgumentException(
              ("%s: id %d in part '%s' (step %d of sequence %d) is outside 0 to %d: give unknown"
                      + " words an id of their own, or build the layer with a larger vocabulary")
                  .formatted(kind, id, part, t, b, vocabulary - 1));
        }
      }
    }
  }
}
