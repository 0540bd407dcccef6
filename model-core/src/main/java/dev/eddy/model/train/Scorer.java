package dev.eddy.model.train;

import dev.eddy.model.layer.Context;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Runs weights over stretches and sums up how wrong they are: the validation of a round, the gate
 * before publication, and a backtest are all this. Not thread-safe (it keeps its buffers).
 *
 * <p>Every stretch is one row of a batch, its state warmed over up to {@code spec.warmup} steps
 * before {@code from} and then carried through the whole stretch, as serving does. The sums of a
 * stretch do not depend on the stretches it is batched with, and stretches are added in the order
 * of the list.
 */
public final class Scorer {
  /** Rows stepped together at most: enough to keep the products busy, little enough for memory. */
  static final int MAX_ROWS = 128;

  private final TrainingSetup setup;
  private final Context context;
  private final SeriesBatch batch;

  /** A scorer for a network and its loss. */
  public Scorer(TrainingSetup setup) {
    this.setup = setup;
    this.context = Context.stepping(setup.kernels());
    this.batch = new SeriesBatch(setup.network().input(), setup.loss().targetWidth());
  }

  /**
   * Scores weights.
   *
   * @param weights {@code [n]}. Not modified
   * @param stretches what to score; may be empty
   * @param metrics what to sum up beside the loss
   * @return count: known targets; sums: the loss, then the metrics
   * @throws IllegalArgumentException if a series does not have the network's inputs or the loss's
   *     targets
   * @throws java.util.concurrent.CancellationException if the thread was interrupted (the flag
   *     stays set)
   */
  public ScoreSum score(float[] weights, List<Stretch> stretches, StepMetrics metrics) {
    stretches.forEach(stretch -> setup.check(stretch.series()));
    double[][] sums = new double[stretches.size()][1 + metrics.count()];
    long[] counts = new long[stretches.size()];
    // Rows of like length share a batch: little of it is idle after its shorter rows have ended.
    int[] order =
        IntStream.range(0, stretches.size())
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> -stretches.get(i).length()))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i = 0; i < order.length; i += MAX_ROWS) {
      int[] group = Arrays.copyOfRange(order, i, Math.min(order.length, i + MAX_ROWS));
      Rows rows = new Rows(stretches, group, setup.spec().warmup());
      score(weights, rows, metrics, sums, counts);
    }
    ScoreSum total = new ScoreSum(0, new double[1 + metrics.count()]);
    for (int i = 0; i < stretches.size(); i++) {
      total = total.plus(new ScoreSum(counts[i], sums[i]));
    }
    return total;
  }

  private void score(
      float[] weights, Rows rows, StepMetrics metrics, double[][] sums, long[] counts) {
    int stateSize = setup.network().stateSize();
    float[] states = new float[rows.size() * stateSize];
    for (int b = 0; b < rows.size(); b++) {
      setup.network().initialState(weights, states, b);
    }
    int[] first = rows.begin.clone();
    for (int done = 0; done < rows.steps; ) {
      Interrupts.check();
      int time = Math.min(setup.spec().chunk(), rows.steps - done);
      Bundle inputs = batch.inputs(rows.stretches, first, time);
      FloatSeq targets = batch.targets(rows.stretches, first, time, rows.from, rows.to);
      context.reset();
      FloatSeq outputs = setup.network().forward(weights, inputs, states, context);
      for (int b = 0; b < rows.size(); b++) {
        int row = rows.index[b];
        counts[row] += add(rows.stretches[b], first[b], b, outputs, targets, metrics, sums[row]);
        first[b] += time;
      }
      done += time;
    }
    context.reset();
  }

  /** Adds the steps of row b to its stretch's sums; the number of known targets. */
  private long add(
      Stretch stretch,
      int first,
      int b,
      FloatSeq outputs,
      FloatSeq targets,
      StepMetrics metrics,
      double[] sums) {
    long count = 0;
    for (int t = 0; t < outputs.time(); t++) {
      int known = setup.loss().known(targets.data(), targets.at(t, b));
      if (known > 0) {
        int at = outputs.at(t, b);
        sums[0] += setup.loss().step(outputs.data(), at, targets.data(), targets.at(t, b));
        metrics.add(stretch.series(), first + t, outputs.data(), at, sums);
        count += known;
      }
    }
    return count;
  }

  /** Stretches that are stepped together, each from where its state begins to be warmed. */
  private static final class Rows {
    final int[] index; // [B] place in the caller's list
    final Stretch[] stretches; // [B]
    final int[] begin; // [B] first step that is run
    final int[] from; // [B] first step that is scored
    final int[] to; // [B]
    final int steps; // of the longest row, warming included

    Rows(List<Stretch> all, int[] index, int warmup) {
      this.index = index;
      stretches = Arrays.stream(index).mapToObj(all::get).toArray(Stretch[]::new);
      from = Arrays.stream(stretches).mapToInt(Stretch::from).toArray();
      to = Arrays.stream(stretches).mapToInt(Stretch::to).toArray();
      begin = Arrays.stream(from).map(step -> Math.max(0, step - warmup)).toArray();
      steps = IntStream.range(0, index.length).map(b -> to[b] - begin[b]).max().orElse(0);
    }

    int size() {
      return index.length;
    }
  }
}
