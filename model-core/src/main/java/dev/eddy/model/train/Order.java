package dev.eddy.model.train;

import dev.eddy.model.kernel.Rng;

/** Seeded orders. */
final class Order {
  /** Keeps the orders of training data apart from other uses of a run's seed. */
  private static final long SALT = 0x0_4DE4L;

  private Order() {}

  /** 0 .. count - 1, shuffled (Fisher and Yates, inside out) by (seed, epoch). */
  static int[] shuffled(int count, long seed, long epoch) {
    Rng rng = Rng.of(seed, SALT, epoch);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = rng.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** 0 .. count - 1. */
  static int[] plain(int count) {
    return java.util.stream.IntStream.range(0, count).toArray();
  }
}
