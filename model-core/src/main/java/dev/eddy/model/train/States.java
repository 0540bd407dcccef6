package dev.eddy.model.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The states of the rows of a batch, block by block, carried from one batch to the next. */
public final class States {
  private final int stateSize;
  private final List<float[]> blocks = new ArrayList<>(); // [B][stateSize] each

  /** Zeros. */
  public States(int stateSize) {
    this.stateSize = stateSize;
  }

  /** The states of a block, at least {@code [rows][stateSize]}; the caller writes into them. */
  public float[] block(int number, int rows) {
    while (blocks.size() <= number) {
      blocks.add(new float[0]);
    }
    int size = rows * stateSize;
    if (blocks.get(number).length < size) {
      blocks.set(number, Arrays.copyOf(blocks.get(number), size));
    }
    return blocks.get(number);
  }

  /** All blocks; not a copy. */
  List<float[]> blocks() {
    return blocks;
  }
}
