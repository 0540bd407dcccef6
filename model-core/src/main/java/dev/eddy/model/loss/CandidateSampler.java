package dev.eddy.model.loss;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Draws {@link Candidates}: classes with chances in proportion to their counts to some power, until
 * there are enough different ones. Power 1 draws by popularity, 0 all alike; between them lies what
 * recommenders use (Hidasi and Karatzoglou 2018).
 *
 * <p>After n draws, class c is among the candidates with chance {@code Q_c = 1 - (1 - p_c)^n}.
 * Holds nothing that changes.
 */
public final class CandidateSampler {
  /** Draws for each candidate before the rest is filled up with whatever is not among them yet. */
  private static final int PATIENCE = 100;

  private final double[] upTo; // [N] the chances of classes 0 to c, added up

  private CandidateSampler(double[] upTo) {
    this.upTo = upTo;
  }

  /**
   * Draws in proportion to counts to a power.
   *
   * @param counts {@code [N]}, how often each class occurs, at least 0; not all 0. Not modified
   * @param power from 0 to 1
   * @throws IllegalArgumentException if they are not
   */
  public static CandidateSampler byCount(long[] counts, double power) {
    Checks.require(
        power >= 0 && power <= 1, "candidates: power must be from 0 to 1, got %s", power);
    double[] upTo = new double[counts.length];
    double sum = 0;
    for (int c = 0; c < counts.length; c++) {
      Checks.require(counts[c] >= 0, "candidates: count %d of class %d is below 0", counts[c], c);
      sum += counts[c] == 0 ? 0 : StrictMath.pow((double) counts[c], power);
      upTo[c] = sum;
    }
    Checks.require(sum > 0, "candidates: of %d classes none has a count", counts.length);
    for (int c = 0; c < upTo.length; c++) {
      upTo[c] /= sum;
    }
    return new CandidateSampler(upTo);
  }

  /** Draws all of N classes alike. */
  public static CandidateSampler uniform(int classes) {
    long[] counts = new long[classes];
    Arrays.fill(counts, 1);
    return byCount(counts, 1);
  }

  /** N. */
  public int classes() {
    return upTo.length;
  }

  /**
   * The candidates of a batch.
   *
   * @param targets right classes, {@code [T][B]}, below 0 where not known. Not modified
   * @param size C, at least the number of different right classes and at most N
   * @throws IllegalArgumentException if C is not, or a class is beyond N
   */
  public Candidates draw(IntSeq targets, int size, Rng random) {
    BitSet chosen = right(targets);
    Checks.require(
        size >= chosen.cardinality() && size <= classes(),
        "candidates: size must be from %d (the classes of the batch) to %d (all there are), got %d",
        chosen.cardinality(),
        classes(),
        size);
    int missing = size - chosen.cardinality();
    long draws = 0;
    for (; missing > 0 && draws < (long) PATIENCE * size; draws++) {
      int drawn = at(random.nextDouble());
      if (!chosen.get(drawn)) {
        chosen.set(drawn);
        missing--;
      }
    }
    for (int c = random.nextInt(classes()); missing > 0; c = (c + 1) % classes()) {
      if (!chosen.get(c)) {
        chosen.set(c);
        missing--;
      }
    }
    int[] ids = chosen.stream().toArray();
    return new Candidates(
        new IntSeq(size, 1, ids),
        new FloatSeq(size, 1, 1, logQ(ids, Math.max(1, draws))),
        columns(targets, ids));
  }

  private BitSet right(IntSeq targets) {
    BitSet right = new BitSet(classes());
    for (int i = 0; i < targets.time() * targets.batch(); i++) {
      int c = targets.data()[i];
      Checks.require(
          c < classes(), "candidates: target %d is not one of the %d classes", c, classes());
      if (c >= 0) {
        right.set(c);
      }
    }
    return right;
  }

  /** The first class at which the added-up chances are above u in [0, 1). */
  private int at(double u) {
    int found = Arrays.binarySearch(upTo, u);
    int c = found < 0 ? -found - 1 : found + 1;
    while (upTo[c] <= u) {
      c++; // classes without a count, after one that ends exactly at u
    }
    return c;
  }

  private float[] logQ(int[] ids, long draws) {
    float[] logQ = new float[ids.length];
    for (int i = 0; i < ids.length; i++) {
      double p = upTo[ids[i]] - (ids[i] == 0 ? 0 : upTo[ids[i] - 1]);
      // A class that is never drawn is here because it is right somewhere: it gets one in all
      // draws.
      double never = draws * StrictMath.log1p(-Math.min(1, Math.max(p, 1e-12)));
      logQ[i] = (float) StrictMath.log(-StrictMath.expm1(never));
    }
    return logQ;
  }

  private static IntSeq columns(IntSeq targets, int[] ids) {
    int[] columns = new int[targets.time() * targets.batch()];
    for (int i = 0; i < columns.length; i++) {
      int c = targets.data()[i];
      columns[i] = c < 0 ? -1 : Arrays.binarySearch(ids, c);
    }
    return new IntSeq(targets.time(), targets.batch(), columns);
  }
}
