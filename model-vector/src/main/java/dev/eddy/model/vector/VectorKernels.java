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

  /** The four vectors of {@link #dot}: 16 partial sums whatever the machine. */
  private static final VectorSpecies<Float> QUARTER = FloatVector.SPECIES_128;

  private static final int PARTIALS = 16;

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
    FloatVector p4 = FloatVector.broadcast(SPECIES, Functions.P4);
    FloatVector q4 = FloatVector.broadcast(SPECIES, Functions.Q4);
    int i = 0;
    for (; i + LANES <= length; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
      FloatVector a = v.min(Functions.TANH_CLAMP).max(-Functions.TANH_CLAMP);
      FloatVector u = a.mul(a);
      FloatVector p = p4.fma(u, FloatVector.broadcast(SPECIES, Functions.P3));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Functions.P2));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Functions.P1));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Functions.P0));
      FloatVector q = q4.fma(u, FloatVector.broadcast(SPECIES, Functions.Q3));
      q = q.fma(u, FloatVector.broadcast(SPECIES, Functions.Q2));
      q = q.fma(u, FloatVector.broadcast(SPECIES, Functions.Q1));
      q = q.fma(u, FloatVector.broadcast(SPECIES, Functions.Q0));
      a.mul(p).div(q).min(1f).max(-1f).intoArray(y, yOffset + i);
    }
    for (; i < length; i++) {
      y[yOffset + i] = Functions.tanh(x[xOffset + i]);
    }
  }

  @Override
  public void sigmoid(int length, float[] x, int xOffset, float[] y, int yOffset) {
    FloatVector p4 = FloatVector.broadcast(SPECIES, Functions.P4);
    FloatVector q4 = FloatVector.broadcast(SPECIES, Functions.Q4);
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    int i = 0;
    for (; i + LANES <= length; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i).mul(half);
      FloatVector a = v.min(Functions.TANH_CLAMP).max(-Functions.TANH_CLAMP);
      FloatVector u = a.mul(a);
      FloatVector p = p4.fma(u, FloatVector.broadcast(SPECIES, Functions.P3));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Functions.P2));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Functions.P1));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Functions.P0));
      FloatVector q = q4.fma(u, FloatVector.broadcast(SPECIES, Functions.Q3));
      q = q.fma(u, FloatVector.broadcast(SPECIES, Functions.Q2));
      q = q.fma(u, FloatVector.broadcast(SPECIES, Functions.Q1));
      q = q.fma(u, FloatVector.broadcast(SPECIES, Functions.Q0));
      a.mul(p).div(q).min(1f).max(-1f).fma(half, half).intoArray(y, yOffset + i);
    }
    for (; i < length; i++) {
      y[yOffset + i] = Functions.sigmoid(x[xOffset + i]);
    }
  }

  @Override
  public void exp(int length, float[] x, int xOffset, float[] y, int yOffset) {
    FloatVector log2e = FloatVector.broadcast(SPECIES, Functions.LOG2_E);
    FloatVector round = FloatVector.broadcast(SPECIES, Functions.ROUND);
    FloatVector high = FloatVector.broadcast(SPECIES, -Functions.LN2_HIGH);
    FloatVector low = FloatVector.broadcast(SPECIES, -Functions.LN2_LOW);
    FloatVector e6 = FloatVector.broadcast(SPECIES, Functions.E6);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    int i = 0;
    for (; i + LANES <= length; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
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
      p.mul(power).mul(last).intoArray(y, yOffset + i);
    }
    for (; i < length; i++) {
      y[yOffset + i] = Functions.exp(x[xOffset + i]);
    }
  }

  @Override
  public float dot(int length, float[] a, int aOffset, float[] b, int bOffset) {
    FloatVector s0 = FloatVector.zero(QUARTER);
    FloatVector s1 = FloatVector.zero(QUARTER);
    FloatVector s2 = FloatVector.zero(QUARTER);
    FloatVector s3 = FloatVector.zero(QUARTER);
    int i = 0;
    for (; i + PARTIALS <= length; i += PARTIALS) {
      int x = aOffset + i;
      int y = bOffset + i;
      s0 = FloatVector.fromArray(QUARTER, a, x).fma(FloatVector.fromArray(QUARTER, b, y), s0);
      s1 =
          FloatVector.fromArray(QUARTER, a, x + 4)
              .fma(FloatVector.fromArray(QUARTER, b, y + 4), s1);
      s2 =
          FloatVector.fromArray(QUARTER, a, x + 8)
              .fma(FloatVector.fromArray(QUARTER, b, y + 8), s2);
      s3 =
          FloatVector.fromArray(QUARTER, a, x + 12)
              .fma(FloatVector.fromArray(QUARTER, b, y + 12), s3);
    }
    float[] sums = new float[PARTIALS];
    s0.intoArray(sums, 0);
    s1.intoArray(sums, 4);
    s2.intoArray(sums, 8);
    s3.intoArray(sums, 12);
    for (int l = 0; i + l < length; l++) {
      sums[l] = Math.fma(a[aOffset + i + l], b[bOffset + i + l], sums[l]);
    }
    return PortableKernels.tree(sums);
  }
}
