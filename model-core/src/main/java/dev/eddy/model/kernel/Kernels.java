package dev.eddy.model.kernel;

/**
 * The hot arithmetic behind one small interface: float32, deterministic to the bit.
 *
 * <p>Every provider gives the same bits: a product sums over k in ascending order with fused
 * multiply-add, and the elementwise functions are those of {@link Functions}. Lengths are checked
 * by the callers, kernels trust their input.
 */
public interface Kernels {
  /** Short name of the provider, as shown in logs and metrics: {@code portable}, {@code vector}. */
  String name();

  /**
   * {@code c[i][j] += sum over k of a[i][k] * b[k][j]}, k ascending, fused multiply-add, starting
   * from c's value.
   *
   * <p>a is read with two strides, so that a transposed or strided matrix (a state slice) needs no
   * copy; rows of b and c are contiguous.
   *
   * @param m rows of a and c
   * @param n columns of b and c
   * @param k columns of a, rows of b
   * @param a element (i, k) at {@code aOffset + i * aRow + k * aColumn}. Not modified
   * @param b element (k, j) at {@code bOffset + k * bRow + j}. Not modified
   * @param c element (i, j) at {@code cOffset + i * cRow + j}. Modified
   */
  void addProduct(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow,
      float[] c,
      int cOffset,
      int cRow);

  /**
   * {@code y[i] = sigmoid(x[i])} for i in [offset, offset + length). x and y may be the same array.
   */
  void sigmoid(int length, float[] x, int xOffset, float[] y, int yOffset);

  /** {@code y[i] = tanh(x[i])}. x and y may be the same array. */
  void tanh(int length, float[] x, int xOffset, float[] y, int yOffset);

  /** {@code y[i] = exp(x[i])}. x and y may be the same array. */
  void exp(int length, float[] x, int xOffset, float[] y, int yOffset);

  /** The sum of a[i] * b[i]: 16 strided partial sums, combined in a fixed tree. */
  float dot(int length, float[] a, int aOffset, float[] b, int bOffset);
}
