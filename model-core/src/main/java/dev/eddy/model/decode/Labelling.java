package dev.eddy.model.decode;

import java.util.List;

/**
 * A sequence of ids and how good it is.
 *
 * @param ids what was found
 * @param score its score; a logarithm, the higher the better. What it is of, the decoder says
 */
public record Labelling(List<Integer> ids, double score) {

  /** Keeps a copy. */
  public Labelling {
    ids = List.copyOf(ids);
  }
}
