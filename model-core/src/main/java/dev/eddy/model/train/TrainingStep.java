package dev.eddy.model.train;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.loss.Loss;
import dev.eddy.model.loss.LossSum;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Update;
import dev.eddy.model.seq.Bundle;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One step of training: any number of {@link #add} (forward, loss, backward), then {@link #update}
 * (clip, regularise, optimise, constrain).
 *
 * <pre>
 * block 0: forward, loss, backward -> g0, count0 --+
 * block 1:        (any thread)     -> g1, count1 --+-> sum of count * g, in the order of the blocks
 * block 2:                         -> g2, count2 --+      / sum of counts -> Update -> weights
 * </pre>
 *
 * <p>Each block of rows has its own context and gradients; its randomness follows from (seed, step,
 * number of the block within the step). So the result has the same bits for any number of threads,
 * and for a batch that is given at once or in parts of whole blocks (gradient accumulation). A step
 * of one block takes its gradient as it is.
 *
 * <p>Not thread-safe, and it keeps its buffers. After an exception it must not be used again.
 */
public final class TrainingStep implements AutoCloseable {
  private final Network network;
  private final Update update;
  private final long seed;
  private final Workers workers;
  private final Worker[] each; // [threads]
  private float[] first; // [n], the gradient of the first block that added one
  private float[] sum; // [n], gradients times their counts, where there are more
  private long count; // known targets since the last update
  private int blocks; // blocks since the last update
  private int added; // of them, those that added a gradient

  /** What belongs to one thread. */
  private static final class Worker {
    final Rng random = new Rng(0);
    final Context context;
    float[] grads; // [n]
    final Losses losses;
    LossSum loss;

    Worker(Kernels kernels, Loss loss, int weightCount) {
      this.context = Context.training(kernels, random);
      this.losses = new Losses(loss);
      this.grads = new float[weightCount];
    }
  }

  /**
   * A step for a network.
   *
   * @param network what is trained
   * @param loss what is made small
   * @param update what a gradient does to the weights
   * @param kernels the arithmetic
   * @param threads threads that work on blocks, at least 1; the caller's is one of them
   * @param seed the randomness of layers (dropout) follows from it
   */
  public TrainingStep(
      Network network, Loss loss, Update update, Kernels kernels, int threads, long seed) {
    this.network = network;
    this.update = update;
    this.seed = seed;
    this.workers = new Workers(threads);
    this.first = new float[network.weightCount()];
    this.sum = new float[network.weightCount()];
    this.each =
        IntStream.range(0, threads)
            .mapToObj(i -> new Worker(kernels, loss, network.weightCount()))
            .toArray(Worker[]::new);
  }

  /**
   * Adds the gradient of these rows. Blocks without a known target move their states on and add
   * nothing.
   *
   * @param weights {@code [n]}. Not modified
   * @param batch the blocks; their states are modified
   * @param step the number of steps made before: 0, 1, ...
   * @return the loss of these rows
   * @throws java.util.concurrent.CancellationException if the thread was interrupted (the flag
   *     stays set)
   */
  public LossSum add(float[] weights, List<RowBlock> batch, long step) {
    int before = blocks;
    double[] lossSum = new double[1];
    long counted = count;
    workers.run(
        batch.size(),
        (worker, item) -> gradient(each[worker], weights, batch.get(item), step, before + item),
        (worker, item) -> {
          fold(each[worker]);
          lossSum[0] += each[worker].loss.sum();
        });
    blocks += batch.size();
    return new LossSum(lossSum[0], count - counted);
  }

  private void gradient(Worker worker, float[] weights, RowBlock block, long step, int number) {
    Context context = worker.context;
    context.reset();
    worker.random.restart(seed, step, number);
    Bundle output = network.run(weights, block.inputs(), block.states(), context);
    worker.loss = worker.losses.apply(output, block.targets(), context);
    if (worker.loss.count() > 0) {
      Arrays.fill(worker.grads, 0f);
      network.backwardToWeights(weights, worker.losses.derivative(), context, worker.grads);
    }
  }

  /** Adds a block's gradient, which is the mean over its targets, times their number. */
  private void fold(Worker worker) {
    long known = worker.loss.count();
    if (known == 0) {
      return;
    }
    if (added == 0) {
      float[] free = first;
      first = worker.grads;
      worker.grads = free;
    } else {
      if (added == 1) {
        times(first, (float) count, sum);
      }
      addTimes(worker.grads, (float) known, sum);
    }
    added++;
    count += known;
  }

  private static void times(float[] x, float factor, float[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = factor * x[i];
    }
  }

  private static void addTimes(float[] x, float factor, float[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.fma(factor, x[i], y[i]);
    }
  }

  /** How many known targets were added since the last update. */
  public long count() {
    return count;
  }

  /**
   * Changes the weights by the mean gradient of what was added, and begins a new step. Without a
   * known target nothing changes.
   *
   * @param weights {@code [n]}. Modified
   * @param moments the optimiser's, {@code [k][n]}. Modified
   * @param scheduleState the schedule's. Not modified
   * @param step the number of steps made before: 0, 1, ...
   * @return the gradient's norm before it was clipped; not finite if a gradient was not, and then
   *     weights and moments are as they were; 0 where nothing was added
   */
  public double update(float[] weights, float[] moments, double[] scheduleState, long step) {
    return update(weights, moments, scheduleState, step, step);
  }

  /**
   * The same where the moments have not seen all the steps.
   *
   * @param age how many they have seen since they were zero
   */
  double update(float[] weights, float[] moments, double[] scheduleState, long step, long age) {
    float[] mean = added > 1 ? sum : first;
    if (added > 1) {
      times(sum, (float) (1.0 / count), sum);
    }
    boolean nothing = added == 0;
    blocks = 0;
    added = 0;
    count = 0;
    return nothing ? 0 : update.apply(weights, mean, moments, scheduleState, step, age);
  }

  @Override
  public void close() {
    workers.close();
  }
}
