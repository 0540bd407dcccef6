package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;

/**
 * The products that most layers are made of. A weight matrix W lies as [in][out], so that the
 * forward product reads it as it is; the backward product by the input reads a transposed copy made
 * once per pass.
 */
final class Products {
  private static final float[] ZERO = {0f};
  private static final float[] ONE = {1f};

  private Products() {}

  /** Writes the bias into every row: where a product's sums begin. y: Modified. */
  static void fillRows(int rows, int columns, Slice bias, float[] y) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(bias.data(), bias.offset(), y, r * columns, columns);
    }
  }

  /** {@code y[rows][out] += x[rows][in] W[in][out]}. y: Modified. */
  static void addTimes(Kernels kernels, int rows, int in, int out, float[] x, Slice w, float[] y) {
    kernels.addProduct(rows, out, in, x, 0, in, 1, w.data(), w.offset(), out, y, 0, out);
  }

  /** {@code dW[in][out] += x^T[in][rows] dy[rows][out]}, rows ascending. dW: Modified. */
  static void addWeightGradient(
      Kernels kernels, int rows, int in, int out, float[] x, float[] dy, Slice dW) {
    kernels.addProduct(in, out, rows, x, 0, 1, in, dy, 0, out, dW.data(), dW.offset(), out);
  }

  /** {@code db[out] += the sum of dy's rows}, ascending. db: Modified. */
  static void addBiasGradient(Kernels kernels, int rows, int out, float[] dy, Slice db) {
    addBiasGradient(kernels, rows, out, dy, 0, db);
  }

  /** The same for rows from {@code at} on. db: Modified. */
  static void addBiasGradient(Kernels kernels, int rows, int out, float[] dy, int at, Slice db) {
    kernels.addProduct(1, out, rows, ONE, 0, 0, 0, dy, at, out, db.data(), db.offset(), out);
  }

  /** {@code dx[rows][in] = dy[rows][out] W^T}, in scratch memory. */
  static float[] inputGradient(int rows, int in, int out, float[] dy, Slice w, Context context) {
    float[] dx = context.floats(rows * in);
    float[] transposed = transposed(w, in, out, context);
    context.kernels().addProduct(rows, in, out, dy, 0, out, 1, transposed, 0, in, dx, 0, in);
    return dx;
  }

  /** {@code W^T [out][in]}, in scratch memory. */
  static float[] transposed(Slice w, int in, int out, Context context) {
    float[] t = context.floats(in * out);
    transpose(in, out, w.data(), w.offset(), t);
    return t;
  }

  /**
   * {@code to[columns][rows] = from[rows][columns]}, from's beginning at {@code at}. to: Modified.
   */
  static void transpose(int rows, int columns, float[] from, int at, float[] to) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        to[j * rows + i] = from[at + i * columns + j];
      }
    }
  }

  /** {@code W^T [out][in]} in packed form, without bias, in scratch memory. */
  static float[] packedTranspose(Slice w, int in, int out, Context context) {
    Kernels kernels = context.kernels();
    float[] packed = context.unfilled(kernels.packedSize(1 + out, in));
    kernels.pack(1 + out, in, 0, 1, ZERO, 0, 0, 0, packed);
    kernels.pack(1 + out, in, 1, out, w.data(), w.offset(), 1, out, packed);
    return packed;
  }
}
