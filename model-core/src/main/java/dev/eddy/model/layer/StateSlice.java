package dev.eddy.model.layer;

/**
 * The columns of one layer in the states of a batch: row b holds the state of one entity, whole and
 * contiguous, so that an operator gathers and scatters it with one copy.
 *
 * @param data states of the batch, {@code [B][stride]}
 * @param stride floats in one entity's whole state
 * @param offset where this layer's columns begin in a row
 * @param size how many columns are this layer's
 */
public record StateSlice(float[] data, int stride, int offset, int size) {

  /** Where the layer's columns of row b begin. */
  public int row(int b) {
    return b * stride + offset;
  }

  /** Columns inside this slice: the state of a child layer. */
  public StateSlice sub(int from, int size) {
    assert from >= 0 && from + size <= this.size
        : "state " + from + "+" + size + " of " + this.size;
    return new StateSlice(data, stride, offset + from, size);
  }
}
