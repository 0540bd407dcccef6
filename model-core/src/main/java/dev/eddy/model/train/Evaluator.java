package dev.eddy.model.train;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.layer.Context;
import dev.eddy.model.loss.Loss;
import dev.eddy.model.loss.LossSum;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures weights on batches, without training behaviour. Sums are added in the order of the
 * blocks: the same bits for any number of threads. Not thread-safe (it keeps its buffers).
 */
public final class Evaluator implements AutoCloseable {
  private final Network network;
  private final BatchMetrics metrics;
  private final Workers workers;
  private final Worker[] each; // [threads]

  /** What belongs to one thread. */
  private static final class Worker {
    final Context context;
    final Losses losses;
    double[] sums;
    LossSum loss;

    Worker(Kernels kernels, Loss loss) {
      this.context = Context.stepping(kernels);
      this.losses = new Losses(loss);
    }
  }

  /**
   * What came out.
   *
   * @param loss the sum over the known targets
   * @param metrics by name; NaN where there was no case
   */
  public record Result(LossSum loss, Map<String, Double> metrics) {}

  /** An evaluator; threads: at least 1, the caller's is one of them. */
  public Evaluator(Network network, Loss loss, BatchMetrics metrics, Kernels kernels, int threads) {
    this.network = network;
    this.metrics = metrics;
    this.workers = new Workers(threads);
    this.each =
        IntStream.range(0, threads).mapToObj(i -> new Worker(kernels, loss)).toArray(Worker[]::new);
  }

  /**
   * Measures weights on all batches of epoch 0.
   *
   * @param weights {@code [n]}. Not modified
   * @throws java.util.concurrent.CancellationException if the thread was interrupted (the flag
   *     stays set)
   */
  public Result evaluate(float[] weights, Batches batches) {
    States states = new States(network.stateSize());
    double[] sums = new double[2 * metrics.names().size()];
    double[] loss = new double[1];
    long[] count = new long[1];
    for (int i = 0; i < batches.count(0); i++) {
      List<RowBlock> batch = batches.get(0, i, states);
      workers.run(
          batch.size(),
          (worker, item) -> measure(each[worker], weights, batch.get(item)),
          (worker, item) -> {
            loss[0] += each[worker].loss.sum();
            count[0] += each[worker].loss.count();
            for (int m = 0; m < sums.length; m++) {
              sums[m] += each[worker].sums[m];
            }
          });
    }
    Map<String, Double> values = new LinkedHashMap<>();
    for (int m = 0; m < metrics.names().size(); m++) {
      values.put(metrics.names().get(m), sums[2 * m] / sums[2 * m + 1]);
    }
    return new Result(new LossSum(loss[0], count[0]), values);
  }

  private void measure(Worker worker, float[] weights, RowBlock block) {
    worker.context.reset();
    Bundle output = network.run(weights, block.inputs(), block.states(), worker.context);
    worker.loss = worker.losses.score(output, block.targets(), worker.context);
    worker.sums = new double[2 * metrics.names().size()];
    metrics.add(output, block.targets(), worker.sums);
  }

  @Override
  public void close() {
    workers.close();
  }
}
