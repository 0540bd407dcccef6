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

  /**
   * The states of a whole network; where a pass repeats, the very slice of the pass before.
   *
   * @param data {@code [B][size]}
   * @param size floats in the state of an entity
   */
  public static StateSlice of(float[] data, int size, Context context) {
    return of(data, size, 0, size, context);
  }

  private static StateSlice of(float[] data, int stride, int offset, int size, Context context) {
    if (context.kept() instanceof StateSlice kept
        && kept.data == data
        && kept.stride == stride
        && kept.offset == offset
        && kept.size == size) {
      return context.keep(kept);
    }
    return context.keep(new StateSlice(data, stride, offset, size));
  }

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

  /** The same in a pass; where that repeats, the very slice of the pass before. */
  StateSlice sub(int from, int size, Context context) {
    return of(data, stride, offset + from, size, context);
  }
}
