package dev.eddy.model.layer;

/**
 * A window on one flat array: the weights, gradients or moments of one layer.
 *
 * @param data the whole network's array
 * @param offset where the window begins
 * @param length how many floats it holds
 * @param packs packed forms of weights that never change; null where they may
 */
public record Slice(float[] data, int offset, int length, Packs packs) {

  /** A window on the whole array. */
  public static Slice of(float[] data) {
    return new Slice(data, 0, data.length, null);
  }

  /** A window inside this one. */
  public Slice sub(int from, int length) {
    assert from >= 0 && from + length <= this.length
        : "slice " + from + "+" + length + " of " + this.length;
    return new Slice(data, offset + from, length, packs);
  }
}
