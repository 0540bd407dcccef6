package dev.eddy.model.train;

import java.util.List;
import java.util.function.Consumer;

/** Trains all shards in this process: the same bits as the Flink job, whatever the number of threads. */
public final class LocalTraining {
  private LocalTraining() {}

  /**
   * What came out.
   *
   * @param weights the best weights, {@code [n]}
   * @param progress where the run ended
   */
  public record Result(float[] weights, Progress progress) {}

  /**
   * Trains until the rounds are done or patience is exhausted.
   *
   * @param setup network, loss, specification, kernels
   * @param shards exactly {@code spec.shards}, numbered 0, 1, ...
   * @param weights where to start. Not modified
   * @param threads threads that train, at least 1
   * @param listener called on the caller's thread after every round
   * @throws DivergenceException if the numbers ran away
   * @throws java.util.concurrent.CancellationException if the thread was interrupted (the flag stays set)
   */
  public static Result run(
      TrainingSetup setup,
      List<ShardData> shards,
      float[] weights,
      int threads,
      Consumer<Progress> listener) {
    throw new UnsupportedOperationException("being built");
  }
}
