package dev.eddy.model.vector;

import static dev.eddy.model.vector.VectorKernels.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The gates of an LSTM, as a few small loops over the rows of a block, which stay in the
 * first-level cache: as fast as one large loop from sums to state, and less for C2 to stumble over.
 */
final class VectorLstm {
  private static final int LANES = SPECIES.length();

  /** A thread's padded columns for backward: slots, c, derivatives by the state, by the sums. */
  private static final ThreadLocal<float[][]> PADDED =
      ThreadLocal.withInitial(
          () ->
              new float[][] {
                new float[5 * LANES], new float[LANES], new float[2 * LANES], new float[4 * LANES],
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
    int g = zOffset + 3 * units;
    int t = zOffset + 4 * units;
    int c = afterOffset + units;
    VectorKernels.sigmoidRows(m, 3 * units, z, zOffset, zRow, z, zOffset, zRow);
    VectorKernels.tanhRows(m, units, z, g, zRow, z, g, zRow);
    for (int r = 0; r < m; r++) {
      int zAt = zOffset + r * zRow;
      cell(units, z, zAt, before, beforeOffset + units + r * stateRow, after, c + r * stateRow);
    }
    VectorKernels.tanhRows(m, units, after, c, stateRow, z, t, zRow);
    for (int r = 0; r < m; r++) {
      output(units, z, zOffset + r * zRow, after, afterOffset + r * stateRow);
    }
  }

  /** c' = f c + i g of one row. after: Modified. */
  private static void cell(
      int units, float[] z, int zAt, float[] before, int cAt, float[] after, int to) {
    int j = 0;
    for (; j + LANES <= units; j += LANES) {
      int at = zAt + j;
      FloatVector i = FloatVector.fromArray(SPECIES, z, at);
      FloatVector f = FloatVector.fromArray(SPECIES, z, at + units);
      FloatVector g = FloatVector.fromArray(SPECIES, z, at + 3 * units);
      FloatVector c = FloatVector.fromArray(SPECIES, before, cAt + j);
      f.fma(c, i.mul(g)).intoArray(after, to + j);
    }
    for (; j < units; j++) {
      int at = zAt + j;
      after[to + j] = Math.fma(z[at + units], before[cAt + j], z[at] * z[at + 3 * units]);
    }
  }

  /** h' = o t of one row. after: Modified. */
  private static void output(int units, float[] z, int zAt, float[] after, int to) {
    int o = zAt + 2 * units;
    int t = zAt + 4 * units;
    int j = 0;
    for (; j + LANES <= units; j += LANES) {
      FloatVector tanh = FloatVector.fromArray(SPECIES, z, t + j);
      FloatVector.fromArray(SPECIES, z, o + j).mul(tanh).intoArray(after, to + j);
    }
    for (; j < units; j++) {
      after[to + j] = z[o + j] * z[t + j];
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
