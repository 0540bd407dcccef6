package dev.eddy.model.train;

/**
 * Averages the shards' updates, round after round: a pure state machine without threads or clocks. Its state after a
 * round does not depend on the order in which that round's updates arrived. Not thread-safe.
 */
public final class RoundCoordinator {

  /**
   * A run from its beginning.
   *
   * @param spec how to train
   * @param weights where to start, {@code [n]}. Copied
   */
  public RoundCoordinator(TrainingSpec spec, float[] weights) {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * Goes on from a snapshot. The round that was in work is done again from its start, by all shards.
   *
   * @param spec the specification under which the snapshot was taken
   * @throws IllegalArgumentException if the bytes are no snapshot, of another version, or of a run with another
   *     specification
   */
  public static RoundCoordinator restore(TrainingSpec spec, byte[] snapshot) {
    throw new UnsupportedOperationException("being built");
  }

  /** What all shards are to do now. Meaningless once {@link #finished()}. */
  public RoundWork work() {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * Takes in what a shard did. Updates of another round, and a second update of the same shard, are ignored. The
   * coordinator keeps the update's arrays until its turn: do not write into them.
   *
   * @return whether this completed the round, so that {@link #work()} is new, or the run {@link #finished()}
   * @throws DivergenceException if a number of the update is not finite; the coordinator stays as it was before
   * @throws IllegalArgumentException if the update does not fit this run
   * @throws IllegalStateException if a whole training round found nothing to learn from
   */
  public boolean accept(ShardUpdate update) {
    throw new UnsupportedOperationException("being built");
  }

  /** Whether the run is over: all rounds done, or patience exhausted. */
  public boolean finished() {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * The weights with the best validation loss so far; the newest where there is no validation data; the initial ones
   * before the first round is complete. Always finite. Not to be written into.
   */
  public float[] bestWeights() {
    throw new UnsupportedOperationException("being built");
  }

  /** Where the run stands. */
  public Progress progress() {
    throw new UnsupportedOperationException("being built");
  }

  /** All that is needed to go on: the completed rounds. Same state, same bytes. */
  public byte[] snapshot() {
    throw new UnsupportedOperationException("being built");
  }
}
