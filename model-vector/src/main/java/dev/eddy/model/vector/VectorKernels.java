package dev.eddy.model.vector;

import dev.eddy.model.kernel.Functions;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels on the Vector API. Products are in {@link VectorProduct}; the functions repeat the
 * operations of {@link Functions} in the same order.
 */
public final class VectorKernels implements Kernels {
  /** The widest vectors of this machine, up to 512 bits. */
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() <= 16
          ? FloatVector.SPECIES_PREFERRED
          : FloatVector.SPECIES_512;

  private static final int LANES = SPECIES.length();

  private static final int PARTIALS = 16;

  /** A thread's copy of numbers that do not fill a vector. */
  private static final ThreadLocal<float[]> REST = ThreadLocal.withInitial(() -> new float[LANES]);

  // tanh clamps by the bits of a float: of floats without sign, the larger has the larger bits. A
  // minimum of integers is one instruction, one of floats about six; NaN is put back at the end.
  static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
  static final int SIGN = 0x80000000;
  static final int MAGNITUDE = 0x7FFFFFFF;
  static final int INFINITY = 0x7F800000;
  static final int ONE = Float.floatToRawIntBits(1f);
  static final int CLAMP = Float.floatToRawIntBits(Functions.TANH_CLAMP);

  /** The width of the vectors. */
  static int bits() {
    return SPECIES.vectorBitSize();
  }

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public void addProduct(
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
      int cRow) {
    VectorProduct.add(m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
  }

  @Override
  public void tanh(int length, float[] x, int xOffset, float[] y, int yOffset) {
    tanhRows(1, length, x, xOffset, length, y, yOffset, length);
  }

  /** The same for rows. y: Modified. */
  static void tanhRows(int m, int n, float[] x, int xAt, int xRow, float[] y, int yAt, int yRow) {
    int whole = n / LANES * LANES;
    tanhVectors(m, whole, x, xAt, xRow, y, yAt, yRow);
    for (int r = 0; r < m && whole < n; r++) {
      float[] rest = rest(x, xAt + r * xRow + whole, n - whole);
      tanhVectors(1, LANES, rest, 0, 0, rest, 0, 0);
      System.arraycopy(rest, 0, y, yAt + r * yRow + whole, n - whole);
    }
  }

  @Override
  public void sigmoid(int length, float[] x, int xOffset, float[] y, int yOffset) {
    sigmoidRows(1, length, x, xOffset, length, y, yOffset, length);
  }

  /** The same for rows. y: Modified. */
  static void sigmoidRows(
      int m, int n, float[] x, int xAt, int xRow, float[] y, int yAt, int yRow) {
    int whole = n / LANES * LANES;
    sigmoidVectors(m, whole, x, xAt, xRow, y, yAt, yRow);
    for (int r = 0; r < m && whole < n; r++) {
      float[] rest = rest(x, xAt + r * xRow + whole, n - whole);
      sigmoidVectors(1, LANES, rest, 0, 0, rest, 0, 0);
      System.arraycopy(rest, 0, y, yAt + r * yRow + whole, n - whole);
    }
  }

  /** A copy of the numbers that do not fill a vector. */
  private static float[] rest(float[] x, int at, int n) {
    float[] rest = REST.get();
    System.arraycopy(x, at, rest, 0, n);
    return rest;
  }

  /** Tanh of whole vectors. */
  private static void tanhVectors(
      int m, int n, float[] x, int xAt, int xRow, float[] y, int yAt, int yRow) {
    FloatVector p1 = FloatVector.broadcast(SPECIES, Functions.P1);
    FloatVector p2 = FloatVector.broadcast(SPECIES, Functions.P2);
    FloatVector p3 = FloatVector.broadcast(SPECIES, Functions.P3);
    FloatVector p4 = FloatVector.broadcast(SPECIES, Functions.P4);
    FloatVector q1 = FloatVector.broadcast(SPECIES, Functions.Q1);
    FloatVector q2 = FloatVector.broadcast(SPECIES, Functions.Q2);
    FloatVector q3 = FloatVector.broadcast(SPECIES, Functions.Q3);
    FloatVector q4 = FloatVector.broadcast(SPECIES, Functions.Q4);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    IntVector clamp = IntVector.broadcast(INTS, CLAMP);
    IntVector oneBits = IntVector.broadcast(INTS, ONE);
    IntVector infinity = IntVector.broadcast(INTS, INFINITY);
    for (int r = 0; r < m; r++) {
      int from = xAt + r * xRow;
      int to = yAt + r * yRow;
      for (int i = 0; i < n; i += LANES) {
        FloatVector v = FloatVector.fromArray(SPECIES, x, from + i);
        IntVector tBits = v.reinterpretAsInts();
        IntVector tSize = tBits.and(MAGNITUDE);
        FloatVector tA = tSize.min(clamp).reinterpretAsFloats();
        FloatVector tU = tA.mul(tA);
        FloatVector tP = p4.fma(tU, p3).fma(tU, p2).fma(tU, p1).fma(tU, one);
        FloatVector tQ = q4.fma(tU, q3).fma(tU, q2).fma(tU, q1).fma(tU, one);
        FloatVector t =
            tA.mul(tP)
                .div(tQ)
                .reinterpretAsInts()
                .min(oneBits)
                .or(tBits.and(SIGN))
                .or(infinity.sub(tSize).lanewise(VectorOperators.ASHR, 31))
                .reinterpretAsFloats();
        t.intoArray(y, to + i);
      }
    }
  }

  /** Sigmoid of whole vectors. */
  private static void sigmoidVectors(
      int m, int n, float[] x, int xAt, int xRow, float[] y, int yAt, int yRow) {
    FloatVector p1 = FloatVector.broadcast(SPECIES, Functions.P1);
    FloatVector p2 = FloatVector.broadcast(SPECIES, Functions.P2);
    FloatVector p3 = FloatVector.broadcast(SPECIES, Functions.P3);
    FloatVector p4 = FloatVector.broadcast(SPECIES, Functions.P4);
    FloatVector q1 = FloatVector.broadcast(SPECIES, Functions.Q1);
    FloatVector q2 = FloatVector.broadcast(SPECIES, Functions.Q2);
    FloatVector q3 = FloatVector.broadcast(SPECIES, Functions.Q3);
    FloatVector q4 = FloatVector.broadcast(SPECIES, Functions.Q4);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    IntVector clamp = IntVector.broadcast(INTS, CLAMP);
    IntVector oneBits = IntVector.broadcast(INTS, ONE);
    IntVector infinity = IntVector.broadcast(INTS, INFINITY);
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    for (int r = 0; r < m; r++) {
      int from = xAt + r * xRow;
      int to = yAt + r * yRow;
      for (int i = 0; i < n; i += LANES) {
        FloatVector v = FloatVector.fromArray(SPECIES, x, from + i).mul(half);
        IntVector tBits = v.reinterpretAsInts();
        IntVector tSize = tBits.and(MAGNITUDE);
        FloatVector tA = tSize.min(clamp).reinterpretAsFloats();
        FloatVector tU = tA.mul(tA);
        FloatVector tP = p4.fma(tU, p3).fma(tU, p2).fma(tU, p1).fma(tU, one);
        FloatVector tQ = q4.fma(tU, q3).fma(tU, q2).fma(tU, q1).fma(tU, one);
        FloatVector t =
            tA.mul(tP)
                .div(tQ)
                .reinterpretAsInts()
                .min(oneBits)
                .or(tBits.and(SIGN))
                .or(infinity.sub(tSize).lanewise(VectorOperators.ASHR, 31))
                .reinterpretAsFloats();
        t.fma(half, half).intoArray(y, to + i);
      }
    }
  }

  @Override
  public void exp(int length, float[] x, int xOffset, float[] y, int yOffset) {
    int whole = length / LANES * LANES;
    expVectors(whole, x, xOffset, y, yOffset);
    if (whole < length) {
      float[] rest = rest(x, xOffset + whole, length - whole);
      expVectors(LANES, rest, 0, rest, 0);
      System.arraycopy(rest, 0, y, yOffset + whole, length - whole);
    }
  }

  /** Exp of whole vectors. */
  private static void expVectors(int length, float[] x, int xAt, float[] y, int yAt) {
    FloatVector log2e = FloatVector.broadcast(SPECIES, Functions.LOG2_E);
    FloatVector round = FloatVector.broadcast(SPECIES, Functions.ROUND);
    FloatVector high = FloatVector.broadcast(SPECIES, -Functions.LN2_HIGH);
    FloatVector low = FloatVector.broadcast(SPECIES, -Functions.LN2_LOW);
    FloatVector e6 = FloatVector.broadcast(SPECIES, Functions.E6);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    for (int i = 0; i < length; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + i);
      FloatVector a = v.min(Functions.EXP_HIGHEST).max(Functions.EXP_LOWEST);
      FloatVector shifted = a.fma(log2e, round);
      FloatVector n = shifted.sub(round);
      FloatVector r = n.fma(low, n.fma(high, a));
      FloatVector p = e6.fma(r, FloatVector.broadcast(SPECIES, Functions.E5));
      p = p.fma(r, FloatVector.broadcast(SPECIES, Functions.E4));
      p = p.fma(r, FloatVector.broadcast(SPECIES, Functions.E3));
      p = p.fma(r, FloatVector.broadcast(SPECIES, 0.5f));
      p = p.fma(r, one);
      p = p.fma(r, one);
      IntVector exponent = shifted.reinterpretAsInts().sub(Functions.ROUND_BITS);
      IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
      IntVector rest = exponent.sub(half);
      FloatVector power = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector last = rest.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      p.mul(power).mul(last).intoArray(y, yAt + i);
    }
  }

  /**
   * 16 partial sums whatever the width, as many passes as they take vectors. Vectors of a second
   * width would be simpler, but where C2 has seen two it may box the vectors of every other loop.
   */
  @Override
  public float dot(int length, float[] a, int aOffset, float[] b, int bOffset) {
    float[] sums = new float[PARTIALS];
    int i = length / PARTIALS * PARTIALS;
    for (int q = 0; q < PARTIALS; q += LANES) {
      partialSums(i, a, aOffset + q, b, bOffset + q, sums, q);
    }
    for (int l = 0; i + l < length; l++) {
      sums[l] = Math.fma(a[aOffset + i + l], b[bOffset + i + l], sums[l]);
    }
    return PortableKernels.tree(sums);
  }

  /** Every 16th product from LANES beginnings on. sums: Modified. */
  private static void partialSums(
      int length, float[] a, int aAt, float[] b, int bAt, float[] sums, int at) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += PARTIALS) {
      FloatVector x = FloatVector.fromArray(SPECIES, a, aAt + i);
      sum = x.fma(FloatVector.fromArray(SPECIES, b, bAt + i), sum);
    }
    sum.intoArray(sums, at);
  }

  @Override
  public int packedSize(int rows, int columns) {
    return VectorAffine.packedSize(rows, columns);
  }

  @Override
  public void pack(
      int rows,
      int columns,
      int row,
      int count,
      float[] w,
      int wOffset,
      int wRow,
      int wColumn,
      float[] packed) {
    VectorAffine.pack(rows, columns, row, count, w, wOffset, wRow, wColumn, packed);
  }

  @Override
  public void affine(
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
      int cRow) {
    VectorAffine.affine(m, n, packed, k, a, aOffset, aRow, l, b, bOffset, bRow, c, cOffset, cRow);
  }

  @Override
  public void lstm(
      int m,
      int units,
      float[] z,
      int zOffset,
      int zRow,
      float[] before,
      int beforeOffset,
      float[] after,
      int afterOffset,
      int stateRow) {
    VectorLstm.forward(
        m, units, z, zOffset, zRow, before, beforeOffset, after, afterOffset, stateRow);
  }

  @Override
  public void lstmBack(
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
      int dzOffset) {
    VectorLstm.back(
        m, units, z, zOffset, zRow, before, beforeOffset, dAfter, dBefore, dOffset, dz, dzOffset);
  }
}
