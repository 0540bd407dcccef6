package dev.eddy.model.train;

/**
 * How batches are drawn. Part of what a run's result depends on.
 *
 * @param rows sequences of a batch, stepped together
 * @param blockRows rows of a block, the piece of a batch that one thread works on
 * @param shuffle whether every epoch has an order of its own; validation needs none
 * @param seed the orders follow from it
 */
public record BatchSpec(int rows, int blockRows, boolean shuffle, long seed) {

  /** Checks every value. */
  public BatchSpec {
    if (rows < 1 || blockRows < 1) {
      throw new IllegalArgumentException(
          "a batch and a block need at least 1 row, got rows %d and blockRows %d"
              .formatted(rows, blockRows));
    }
  }

  /** Batches to train on: shuffled, in blocks of 32 rows. */
  public static BatchSpec training(int rows, long seed) {
    return new BatchSpec(rows, 32, true, seed);
  }

  /** Batches to validate on: always the same order, in blocks of 32 rows. */
  public static BatchSpec validation(int rows) {
    return new BatchSpec(rows, 32, false, 0);
  }
}
