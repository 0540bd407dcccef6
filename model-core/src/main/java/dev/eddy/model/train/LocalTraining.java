package dev.eddy.model.train;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Trains all shards in this process: the same bits as the Flink job, whatever the number of
 * threads.
 */
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
   * @throws java.util.concurrent.CancellationException if the thread was interrupted (the flag
   *     stays set)
   */
  public static Result run(
      TrainingSetup setup,
      List<ShardData> shards,
      float[] weights,
      int threads,
      Consumer<Progress> listener) {
    if (threads < 1) {
      throw new IllegalArgumentException("training takes at least 1 thread, got " + threads);
    }
    checkShards(setup.spec(), shards);
    List<ShardTrainer> trainers =
        shards.stream().map(shard -> new ShardTrainer(setup, shard)).toList();
    RoundCoordinator coordinator = new RoundCoordinator(setup.spec(), weights);
    ExecutorService pool = Executors.newFixedThreadPool(threads, LocalTraining::thread);
    try {
      CompletionService<ShardUpdate> updates = new ExecutorCompletionService<>(pool);
      while (!coordinator.finished()) {
        for (ShardTrainer trainer : trainers) {
          RoundWork work = coordinator.work(trainer.shard());
          updates.submit(() -> trainer.run(work));
        }
        for (int i = 0; i < trainers.size(); i++) {
          coordinator.accept(take(updates));
        }
        listener.accept(coordinator.progress());
      }
    } finally {
      pool.shutdownNow();
    }
    return new Result(coordinator.bestWeights(), coordinator.progress());
  }

  private static void checkShards(TrainingSpec spec, List<ShardData> shards) {
    List<Integer> numbers = shards.stream().map(ShardData::shard).sorted().toList();
    if (!numbers.equals(IntStream.range(0, spec.shards()).boxed().toList())) {
      throw new IllegalArgumentException(
          "training takes shards 0 to %d, each once, got %s".formatted(spec.shards() - 1, numbers));
    }
  }

  private static ShardUpdate take(CompletionService<ShardUpdate> updates) {
    try {
      return updates.take().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("training was interrupted");
    } catch (ExecutionException e) {
      throw new CompletionException("a shard failed to train: " + e.getCause(), e.getCause());
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "eddy-train");
    thread.setDaemon(true);
    return thread;
  }
}
