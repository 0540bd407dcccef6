package dev.eddy.benchmarks.work;

/** A library that learns to forecast series; weights and data as {@link SeriesWork} says. */
public interface SeriesLearner extends AutoCloseable {
  /** Forward, loss, backward, Adam with this batch, which is one of {@link SeriesWork#x()}. */
  void learn(int batch);

  /**
   * What the network gives.
   *
   * @param x {@code [rows][time][I]}, each row from a fresh state
   * @return {@code [rows][time][O]}
   */
  float[] predict(float[] x, int rows, int time);

  @Override
  void close();
}
