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

  /** Floats that the packed form of a matrix {@code [rows][columns]} takes. */
  int packedSize(int rows, int columns);

  /**
   * Writes some rows of a matrix into its packed form, the order in which {@link #affine} of this
   * provider reads it fastest. Every row has to be written before it is read.
   *
   * @param rows rows of the whole matrix
   * @param columns its columns
   * @param row the first row to write
   * @param count how many
   * @param w element (row + i, j) at {@code wOffset + i * wRow + j * wColumn}. Not modified
   * @param packed {@code [packedSize(rows, columns)]}. Modified
   */
  void pack(
      int rows,
      int columns,
      int row,
      int count,
      float[] w,
      int wOffset,
      int wRow,
      int wColumn,
      float[] packed);

  /**
   * {@code c[i][j] = P[0][j] + sum over p of a[i][p] * P[1 + p][j] + sum over q of b[i][q] * P[1 +
   * k + q][j]}: bias, first input, second input, in this order, fused multiply-add.
   *
   * @param m rows of a, b and c
   * @param n columns of P and c
   * @param packed P {@code [1 + k + l][n]}, from {@link #pack}. Not modified
   * @param k columns of a
   * @param a element (i, p) at {@code aOffset + i * aRow + p}. Not modified
   * @param l columns of b; 0 for none
   * @param b element (i, q) at {@code bOffset + i * bRow + q}. Not modified
   * @param c element (i, j) at {@code cOffset + i * cRow + j}, {@code cRow >= n}. Modified
   */
  void affine(
      int m,
      int n,
      float[] packed,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int l,
      float[] b,
      int bOffset,
      int bRow,
      float[] c,
      int cOffset,
      int cRow);

  /**
   * The gates and the new state of an LSTM, after its sums:
   *
   * <pre>
   * i, f, o = sigmoid(i, f, o)      g = tanh(g)
   * c' = fma(f, c, i g)             t = tanh(c')             h' = o t
   * </pre>
   *
   * @param m rows
   * @param units H
   * @param z row r, {@code [i f o g t]} of H floats each, at {@code zOffset + r * zRow}: sums on
   *     entry, gates and t on return. Modified
   * @param before states {@code [h c]}, row r at {@code beforeOffset + r * stateRow}. Not modified
   * @param after becomes {@code [h' c']}; may be the same place. Modified
   */
  void lstm(
      int m,
      int units,
      float[] z,
      int zOffset,
      int zRow,
      float[] before,
      int beforeOffset,
      float[] after,
      int afterOffset,
      int stateRow);

  /**
   * The derivative of {@link #lstm} by the sums and by c:
   *
   * <pre>
   * dc' = fma(dh o, 1 - t t, dcAfter)          dcBefore = dc' f
   * di = dc' g i (1 - i)      df = dc' c f (1 - f)      do = dh t o (1 - o)      dg = dc' i (1 - g g)
   * </pre>
   *
   * @param z what {@link #lstm} left. Not modified
   * @param before the states it began from, row r at {@code beforeOffset + r * 2 H}. Not modified
   * @param dAfter row r, {@code [dh dc]}, at {@code dOffset + r * 2 H}: the derivative by the
   *     states after. Not modified
   * @param dBefore the same by the states before; only its columns of c are written. Modified
   * @param dz row r, {@code [di df do dg]}, at {@code dzOffset + r * 4 H}. Modified
   */
  void lstmBack(
      int m,
      int units,
      float[] z,
      int zOffset,
      int zRow,
      float[] before,
      int beforeOffset,
      float[] dAfter,
      float[] dBefore,
      int dOffset,
      float[] dz,
      int dzOffset);
}
