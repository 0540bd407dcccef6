package dev.eddy.model.layer;

import dev.eddy.model.kernel.Rng;

/**
 * One weight matrix (or vector: rows = 1) of a layer.
 *
 * @param name name within the layer, for example {@code W}, {@code U}, {@code b}; a container
 *     prefixes its children's
 * @param rows rows
 * @param columns columns, contiguous in memory
 * @param init how it starts
 */
public record Param(String name, int rows, int columns, Init init) {

  /** The number of floats. */
  public int size() {
    return rows * columns;
  }

  /**
   * Whether this parameter is meant by whole steps of its path: {@code sequential.lstm0.U} is by
   * {@code lstm0.U}, {@code U} and {@code lstm0}.
   */
  public boolean isAt(String steps) {
    return ("." + name + ".").contains("." + steps + ".");
  }

  /** The same parameter under a longer name. */
  public Param under(String prefix) {
    return new Param(prefix + "." + name, rows, columns, init);
  }

  /** Fills {@code w} (rows x columns, row-major from {@code offset}) with starting values. */
  @FunctionalInterface
  public interface Init {
    /** Writes rows * columns floats. w: Modified. */
    void fill(float[] w, int offset, int rows, int columns, Rng rng);
  }
}
