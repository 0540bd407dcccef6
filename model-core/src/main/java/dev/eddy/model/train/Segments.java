package dev.eddy.model.train;

import dev.eddy.model.kernel.Rng;
import java.util.List;

/**
 * Deals a shard's training data into segments of equal length and hands them out in an endless,
 * seeded order: epoch after epoch, each a new permutation of all segments. Position p of that order
 * follows from (data, shard, seed, p) alone, so a round finds its place without a cursor.
 *
 * <p>A stretch of L steps holds floor(L / length) segments, at least one. What is left over is
 * dealt out as a shift of the stretch's segments that is new in every epoch, so that every step is
 * learned from. A stretch shorter than a segment is one segment that ends early.
 */
final class Segments {
  /** Keeps the orders of training data apart from other uses of the run's seed. */
  private static final long SALT = 0x5E6_3E27L;

  private final List<Stretch> stretches;
  private final int length;
  private final long seed;
  private final int[] owner; // [segments] which stretch
  private final int[] nth; // [segments] which segment of it
  private final int[] permutation; // [segments], of the epoch below
  private final int[] shift; // [stretches], of the epoch below
  private long epoch = -1;

  Segments(List<Stretch> stretches, int length, long seed, int shard) {
    this.stretches = stretches;
    this.length = length;
    this.seed = Rng.of(seed, SALT, shard).nextLong();
    int count = stretches.stream().mapToInt(this::segments).sum();
    this.owner = new int[count];
    this.nth = new int[count];
    this.permutation = new int[count];
    this.shift = new int[stretches.size()];
    int next = 0;
    for (int s = 0; s < stretches.size(); s++) {
      for (int i = 0; i < segments(stretches.get(s)); i++) {
        owner[next] = s;
        nth[next++] = i;
      }
    }
  }

  /** Segments of an epoch. */
  int count() {
    return owner.length;
  }

  /** The segment at a position of the endless order, as the stretch of exactly its steps. */
  Stretch at(long position) {
    shuffle(position / count());
    int segment = permutation[(int) (position % count())];
    Stretch whole = stretches.get(owner[segment]);
    int from = whole.from() + shift[owner[segment]] + nth[segment] * length;
    return new Stretch(whole.series(), from, Math.min(from + length, whole.to()));
  }

  private int segments(Stretch stretch) {
    return count(stretch.length(), length);
  }

  /** Segments of some length that a stretch of some steps holds. */
  static int count(int steps, int length) {
    return Math.max(1, steps / length);
  }

  private void shuffle(long epoch) {
    if (this.epoch == epoch) {
      return;
    }
    this.epoch = epoch;
    Rng rng = Rng.of(seed, epoch, 0);
    for (int s = 0; s < shift.length; s++) {
      Stretch stretch = stretches.get(s);
      int spare = Math.max(0, stretch.length() - segments(stretch) * length);
      shift[s] = rng.nextInt(spare + 1);
    }
    for (int i = 0; i < permutation.length; i++) { // Fisher and Yates, inside out
      int j = rng.nextInt(i + 1);
      permutation[i] = permutation[j];
      permutation[j] = i;
    }
  }
}
