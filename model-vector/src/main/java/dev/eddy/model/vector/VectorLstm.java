package dev.eddy.model.vector;

import static dev.eddy.model.vector.VectorKernels.CLAMP;
import static dev.eddy.model.vector.VectorKernels.INFINITY;
import static dev.eddy.model.vector.VectorKernels.INTS;
import static dev.eddy.model.vector.VectorKernels.MAGNITUDE;
import static dev.eddy.model.vector.VectorKernels.ONE;
import static dev.eddy.model.vector.VectorKernels.SIGN;
import static dev.eddy.model.vector.VectorKernels.SPECIES;

import dev.eddy.model.kernel.Functions;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The gates of an LSTM, from sums to state in registers, one vector of units at a time. Units that
 * do not fill a vector are done in a padded copy of their columns.
 */
final class VectorLstm {
  private static final int LANES = SPECIES.length();

  /** A thread's padded columns: 5 of slots, 2 of the state before, 2 after, 4 of derivatives. */
  private static final ThreadLocal<float[][]> PADDED =
      ThreadLocal.withInitial(
          () ->
              new float[][] {
                new float[5 * LANES],
                new float[2 * LANES],
                new float[2 * LANES],
                new float[4 * LANES],
              });

  private VectorLstm() {}

  /** {@link dev.eddy.model.kernel.Kernels#lstm}. */
  static void forward(
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
    int whole = units / LANES * LANES;
    for (int r = 0; r < m; r++) {
      int zAt = zOffset + r * zRow;
      int beforeAt = beforeOffset + r * stateRow;
      int afterAt = afterOffset + r * stateRow;
      vectors(whole, units, z, zAt, before, beforeAt, after, afterAt);
      if (whole < units) {
        float[][] padded = PADDED.get();
        int rest = units - whole;
        gather(4, rest, z, zAt + whole, units, padded[0]);
        gather(2, rest, before, beforeAt + whole, units, padded[1]);
        vectors(LANES, LANES, padded[0], 0, padded[1], 0, padded[2], 0);
        scatter(5, rest, padded[0], z, zAt + whole, units);
        scatter(2, rest, padded[2], after, afterAt + whole, units);
      }
    }
  }

  /** The first n units of one row, whole vectors. z and after: Modified. */
  private static void vectors(
      int n,
      int units,
      float[] z,
      int zAt,
      float[] before,
      int beforeAt,
      float[] after,
      int afterAt) {
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
    for (int j = 0; j < n; j += LANES) {
      int at = zAt + j;
      FloatVector iSum = FloatVector.fromArray(SPECIES, z, at).mul(half);
      IntVector iTBits = iSum.reinterpretAsInts();
      IntVector iTSize = iTBits.and(MAGNITUDE);
      FloatVector iTA = iTSize.min(clamp).reinterpretAsFloats();
      FloatVector iTU = iTA.mul(iTA);
      FloatVector iTP = p4.fma(iTU, p3).fma(iTU, p2).fma(iTU, p1).fma(iTU, one);
      FloatVector iTQ = q4.fma(iTU, q3).fma(iTU, q2).fma(iTU, q1).fma(iTU, one);
      FloatVector iT =
          iTA.mul(iTP)
              .div(iTQ)
              .reinterpretAsInts()
              .min(oneBits)
              .or(iTBits.and(SIGN))
              .or(infinity.sub(iTSize).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
      FloatVector i = iT.fma(half, half);
      i.intoArray(z, at);
      FloatVector fSum = FloatVector.fromArray(SPECIES, z, at + units).mul(half);
      IntVector fTBits = fSum.reinterpretAsInts();
      IntVector fTSize = fTBits.and(MAGNITUDE);
      FloatVector fTA = fTSize.min(clamp).reinterpretAsFloats();
      FloatVector fTU = fTA.mul(fTA);
      FloatVector fTP = p4.fma(fTU, p3).fma(fTU, p2).fma(fTU, p1).fma(fTU, one);
      FloatVector fTQ = q4.fma(fTU, q3).fma(fTU, q2).fma(fTU, q1).fma(fTU, one);
      FloatVector fT =
          fTA.mul(fTP)
              .div(fTQ)
              .reinterpretAsInts()
              .min(oneBits)
              .or(fTBits.and(SIGN))
              .or(infinity.sub(fTSize).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
      FloatVector f = fT.fma(half, half);
      f.intoArray(z, at + units);
      FloatVector gSum = FloatVector.fromArray(SPECIES, z, at + 3 * units);
      IntVector gBits = gSum.reinterpretAsInts();
      IntVector gSize = gBits.and(MAGNITUDE);
      FloatVector gA = gSize.min(clamp).reinterpretAsFloats();
      FloatVector gU = gA.mul(gA);
      FloatVector gP = p4.fma(gU, p3).fma(gU, p2).fma(gU, p1).fma(gU, one);
      FloatVector gQ = q4.fma(gU, q3).fma(gU, q2).fma(gU, q1).fma(gU, one);
      FloatVector g =
          gA.mul(gP)
              .div(gQ)
              .reinterpretAsInts()
              .min(oneBits)
              .or(gBits.and(SIGN))
              .or(infinity.sub(gSize).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
      g.intoArray(z, at + 3 * units);
      FloatVector c = f.fma(FloatVector.fromArray(SPECIES, before, beforeAt + units + j), i.mul(g));
      c.intoArray(after, afterAt + units + j);
      IntVector tBits = c.reinterpretAsInts();
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
      t.intoArray(z, at + 4 * units);
      FloatVector oSum = FloatVector.fromArray(SPECIES, z, at + 2 * units).mul(half);
      IntVector oTBits = oSum.reinterpretAsInts();
      IntVector oTSize = oTBits.and(MAGNITUDE);
      FloatVector oTA = oTSize.min(clamp).reinterpretAsFloats();
      FloatVector oTU = oTA.mul(oTA);
      FloatVector oTP = p4.fma(oTU, p3).fma(oTU, p2).fma(oTU, p1).fma(oTU, one);
      FloatVector oTQ = q4.fma(oTU, q3).fma(oTU, q2).fma(oTU, q1).fma(oTU, one);
      FloatVector oT =
          oTA.mul(oTP)
              .div(oTQ)
              .reinterpretAsInts()
              .min(oneBits)
              .or(oTBits.and(SIGN))
              .or(infinity.sub(oTSize).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
      FloatVector o = oT.fma(half, half);
      o.intoArray(z, at + 2 * units);
      o.mul(t).intoArray(after, afterAt + j);
    }
  }

  /** {@link dev.eddy.model.kernel.Kernels#lstmBack}. */
  static void back(
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
    int whole = units / LANES * LANES;
    for (int r = 0; r < m; r++) {
      int zAt = zOffset + r * zRow;
      int at = dOffset + r * 2 * units;
      int dzAt = dzOffset + r * 4 * units;
      int cAt = beforeOffset + r * 2 * units + units;
      vectorsBack(whole, units, z, zAt, before, cAt, dAfter, at, dBefore, at, dz, dzAt);
      if (whole < units) {
        float[][] padded = PADDED.get();
        int rest = units - whole;
        float[] d = padded[2];
        gather(5, rest, z, zAt + whole, units, padded[0]);
        gather(1, rest, before, cAt + whole, units, padded[1]);
        gather(2, rest, dAfter, at + whole, units, d);
        vectorsBack(LANES, LANES, padded[0], 0, padded[1], 0, d, 0, d, 0, padded[3], 0);
        scatter(4, rest, padded[3], dz, dzAt + whole, units);
        System.arraycopy(d, LANES, dBefore, at + units + whole, rest);
      }
    }
  }

  /** The first n units of one row, whole vectors. dBefore and dz: Modified. */
  private static void vectorsBack(
      int n,
      int units,
      float[] z,
      int zAt,
      float[] before,
      int cAt,
      float[] dAfter,
      int afterAt,
      float[] dBefore,
      int beforeAt,
      float[] dz,
      int dzAt) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    for (int j = 0; j < n; j += LANES) {
      int at = zAt + j;
      FloatVector i = FloatVector.fromArray(SPECIES, z, at);
      FloatVector f = FloatVector.fromArray(SPECIES, z, at + units);
      FloatVector o = FloatVector.fromArray(SPECIES, z, at + 2 * units);
      FloatVector g = FloatVector.fromArray(SPECIES, z, at + 3 * units);
      FloatVector t = FloatVector.fromArray(SPECIES, z, at + 4 * units);
      FloatVector c = FloatVector.fromArray(SPECIES, before, cAt + j);
      FloatVector dh = FloatVector.fromArray(SPECIES, dAfter, afterAt + j);
      FloatVector dcAfter = FloatVector.fromArray(SPECIES, dAfter, afterAt + units + j);
      FloatVector dc = dh.mul(o).fma(one.sub(t.mul(t)), dcAfter);
      int to = dzAt + j;
      dc.mul(g).mul(i).mul(one.sub(i)).intoArray(dz, to);
      dc.mul(c).mul(f).mul(one.sub(f)).intoArray(dz, to + units);
      dh.mul(t).mul(o).mul(one.sub(o)).intoArray(dz, to + 2 * units);
      dc.mul(i).mul(one.sub(g.mul(g))).intoArray(dz, to + 3 * units);
      dc.mul(f).intoArray(dBefore, beforeAt + units + j);
    }
  }

  private static void gather(int count, int n, float[] from, int at, int stride, float[] to) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(from, at + i * stride, to, i * LANES, n);
    }
  }

  private static void scatter(int count, int n, float[] from, float[] to, int at, int stride) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(from, i * LANES, to, at + i * stride, n);
    }
  }
}
