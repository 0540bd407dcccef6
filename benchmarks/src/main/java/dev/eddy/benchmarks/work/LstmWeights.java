package dev.eddy.benchmarks.work;

import dev.eddy.model.kernel.Rng;

/**
 * The weights of one LSTM layer, from which every library takes its own layout. Gate order i, f, o,
 * g; one bias.
 *
 * @param inputs I
 * @param hidden H
 * @param w {@code [4H][I]}: a row for each gate's unit
 * @param u {@code [4H][H]}
 * @param b {@code [4H]}
 */
public record LstmWeights(int inputs, int hidden, float[] w, float[] u, float[] b) {

  /** Uniform within 1/sqrt(H), the same for the same seed. */
  static LstmWeights random(int inputs, int hidden, long seed) {
    double bound = 1 / Math.sqrt(hidden);
    return new LstmWeights(
        inputs,
        hidden,
        uniform(4 * hidden * inputs, bound, seed),
        uniform(4 * hidden * hidden, bound, seed + 1),
        uniform(4 * hidden, bound, seed + 2));
  }

  static float[] uniform(int n, double bound, long seed) {
    Rng rng = new Rng(seed);
    float[] a = new float[n];
    for (int i = 0; i < n; i++) {
      a[i] = (float) ((2 * rng.nextDouble() - 1) * bound);
    }
    return a;
  }

  /**
   * The same weights with the gates in another order.
   *
   * @param order for each place the gate that stands there: "ifog" is the order they have
   */
  public LstmWeights gates(String order) {
    return new LstmWeights(
        inputs, hidden, blocks(w, inputs, order), blocks(u, hidden, order), blocks(b, 1, order));
  }

  private float[] blocks(float[] a, int columns, String order) {
    int size = hidden * columns;
    float[] moved = new float[a.length];
    for (int g = 0; g < 4; g++) {
      System.arraycopy(a, "ifog".indexOf(order.charAt(g)) * size, moved, g * size, size);
    }
    return moved;
  }

  /** {@code [columns][rows]} of a matrix {@code [rows][columns]}. */
  public static float[] transposed(float[] a, int columns) {
    int rows = a.length / columns;
    float[] t = new float[a.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        t[c * rows + r] = a[r * columns + c];
      }
    }
    return t;
  }
}
