package dev.eddy.model.train;

import java.util.List;

/**
 * The batches of an epoch, each a pure function of (data, seed, epoch, number), so that a run can
 * be resumed anywhere. Implementations keep buffers, so that a batch is gone when the next is asked
 * for. Not thread-safe.
 */
public interface Batches {
  /** How many batches an epoch has. */
  int count(long epoch);

  /**
   * One of them.
   *
   * @param epoch 0, 1, ...
   * @param number 0 .. count - 1
   * @param states where its blocks keep the states of their rows
   */
  List<RowBlock> get(long epoch, int number, States states);
}
