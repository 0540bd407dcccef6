package dev.eddy.model.layer;

import java.util.Arrays;

/**
 * A window on one flat array: the weights, gradients or moments of one layer. A window on weights
 * that never change keeps the windows inside it that layers ask for, so that a step makes none.
 * Safe for many threads.
 */
public final class Slice {
  private final float[] data;
  private final int offset;
  private final int length;
  private final Packs packs;
  private volatile Slice[] inside = {};

  /**
   * A window.
   *
   * @param data the whole network's array
   * @param offset where the window begins
   * @param length how many floats it holds
   * @param packs packed forms of weights that never change; null where they may
   */
  public Slice(float[] data, int offset, int length, Packs packs) {
    this.data = data;
    this.offset = offset;
    this.length = length;
    this.packs = packs;
  }

  /** A window on the whole array. */
  public static Slice of(float[] data) {
    return new Slice(data, 0, data.length, null);
  }

  /** The whole network's array. */
  public float[] data() {
    return data;
  }

  /** Where the window begins. */
  public int offset() {
    return offset;
  }

  /** How many floats it holds. */
  public int length() {
    return length;
  }

  /** Packed forms of weights that never change; null where they may. */
  Packs packs() {
    return packs;
  }

  /** A window inside this one. */
  public Slice sub(int from, int length) {
    assert from >= 0 && from + length <= this.length
        : "slice " + from + "+" + length + " of " + this.length;
    if (packs == null) {
      return new Slice(data, offset + from, length, null);
    }
    for (Slice known : inside) {
      if (known.offset == offset + from && known.length == length) {
        return known;
      }
    }
    return add(new Slice(data, offset + from, length, packs));
  }

  private synchronized Slice add(Slice slice) {
    Slice[] more = Arrays.copyOf(inside, inside.length + 1);
    more[inside.length] = slice;
    inside = more;
    return slice;
  }
}
