package dev.eddy.benchmarks.work;

/** A network that learns: LSTM layers, and a linear map of the last step's output to one value. */
public interface Learner extends AutoCloseable {
  /**
   * Forward, squared error, backward, one step of Adam.
   *
   * @param i which of the batches, from 0 to {@link TrainWork#BATCHES} - 1
   */
  void learn(int i);

  /** What the network gives for batch i as it is now, {@code [B]}; not measured. */
  float[] predict(int i);

  @Override
  default void close() {}
}
