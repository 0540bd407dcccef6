package dev.eddy.model.layer;

/**
 * How large a network may be. Far above any use; below it no size overflows an int, and a
 * specification from a file that nobody trusts cannot ask for memory that is not there.
 */
public final class Limits {
  /** Weights of a network: 512 MiB. */
  public static final int WEIGHTS = 1 << 27;

  /** Floats of state that a network keeps of one entity: 1 MiB. */
  public static final int STATE = 1 << 18;

  /** Units of a layer, so that four gates of them are still a number of columns. */
  static final int UNITS = 1 << 24;

  /** Steps that a layer may make of one, or one of. */
  static final int STEPS = 1 << 16;

  private Limits() {}

  /**
   * Checks the units of a layer of this kind.
   *
   * @throws IllegalArgumentException if they are none, or too many
   */
  static void checkUnits(String kind, int units) {
    if (units < 1 || units > UNITS) {
      throw new IllegalArgumentException(
          "%s: units must be from 1 to %,d, got %d".formatted(kind, UNITS, units));
    }
  }

  /**
   * The sum of these numbers of weights.
   *
   * @throws IllegalArgumentException if it is more than {@link #WEIGHTS}
   */
  static long weights(long... counts) {
    return sum("weights", WEIGHTS, counts);
  }

  /**
   * The sum of these numbers of floats of state.
   *
   * @throws IllegalArgumentException if it is more than {@link #STATE}
   */
  static long state(long... counts) {
    return sum("floats of state for one entity", STATE, counts);
  }

  /**
   * Checks the state of a whole network.
   *
   * @throws IllegalArgumentException if it is more than {@link #STATE} floats
   */
  public static void checkState(int floats) {
    long unused = state(floats);
  }

  private static long sum(String what, long limit, long... counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count; // no overflow: a count is below 2^62, and the sum before it within the limit
      if (count < 0 || sum > limit) {
        throw new IllegalArgumentException(
            "the network is too large: it has more than %,d %s; make its layers smaller"
                .formatted(limit, what));
      }
    }
    return sum;
  }
}
