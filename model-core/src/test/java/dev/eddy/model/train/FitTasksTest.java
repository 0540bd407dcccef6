package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Dropout;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Pool;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.CrossEntropy;
import dev.eddy.model.loss.CtcLoss;
import dev.eddy.model.loss.Loss;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One trainer for tasks of every shape of target. */
class FitTasksTest {

  @Test
  void sequencesAreClassifiedByOneTargetEach() throws IOException {
    // The class: whether the first step is above 0. Lengths differ.
    Rng rng = new Rng(3);
    List<Example> list = new ArrayList<>();
    for (int i = 0; i < 160; i++) {
      FloatSeq x = FloatSeq.zeros(1 + i % 7, 1, 1);
      for (int t = 0; t < x.time(); t++) {
        x.data()[t] = 2 * rng.nextFloat() - 1;
      }
      int label = x.data()[0] > 0 ? 1 : 0;
      list.add(new Example(Bundle.of(x), ids(label)));
    }
    Network network =
        network(
            Shape.of(1), new Lstm(12), new Pool(Pool.Mode.LAST), Dropout.of(0.1f), Dense.linear(2));
    Fit.Result one = fit(network, new CrossEntropy(2), Examples.of(list), 60, 1);
    assertThat(one.history().rows().get(59).metrics().get("accuracy")).isGreaterThan(0.9);
    Fit.Result two = fit(network, new CrossEntropy(2), Examples.of(list), 60, 2);
    assertThat(two.weights()).as("with dropout, on two threads").isEqualTo(one.weights());
  }

  @Test
  void sessionsSideBySidePredictTheirNextItem() throws IOException {
    // Each session counts upwards from a random item; its first is not to be known.
    int items = 6;
    Rng rng = new Rng(4);
    List<Example> list = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int length = 2 + rng.nextInt(9);
      int first = rng.nextInt(items);
      int[] seen = new int[length];
      int[] next = new int[length];
      for (int t = 0; t < length; t++) {
        seen[t] = (first + t) % items;
        next[t] = (first + t + 1) % items;
      }
      list.add(new Example(ids(seen), ids(next)));
    }
    Examples sessions = Examples.of(list);
    Network network =
        network(
            new Shape(Map.of(Bundle.MAIN, 0)),
            Embedding.of(items, 8),
            Gru.of(8),
            Dense.linear(items));
    for (int chunk : new int[] {1, 4}) {
      Batches train =
          new CarriedBatches(sessions, sessions.spans(), chunk, new BatchSpec(8, 4, true, 2));
      Batches all = new SequenceBatches(sessions, sessions.spans(), BatchSpec.validation(16));
      Fit.Result result = run(network, new CrossEntropy(items), train, all, 12, 2, true);
      History.Row last = result.history().rows().get(11);
      assertThat(last.metrics().get("accuracy")).as("chunks of %d", chunk).isGreaterThan(0.95);
    }
  }

  @Test
  void labelSequencesHaveAClockOfTheirOwn() throws IOException {
    // A 1 or 2 stands somewhere between zeros; the label is what stands there, in order.
    Rng rng = new Rng(5);
    List<Example> list = new ArrayList<>();
    for (int i = 0; i < 48; i++) {
      int first = 1 + rng.nextInt(2);
      int second = 3 - first;
      FloatSeq x = FloatSeq.zeros(5 + i % 3, 1, 2);
      x.data()[2 + first - 1] = 1;
      x.data()[2 * 3 + second - 1] = 1;
      list.add(new Example(Bundle.of(x), ids(first, second)));
    }
    Network network = network(Shape.of(2), new Lstm(10), Dense.linear(3));
    Examples examples = Examples.of(list);
    Batches train = new SequenceBatches(examples, examples.spans(), new BatchSpec(8, 3, true, 1));
    Batches all = new SequenceBatches(examples, examples.spans(), BatchSpec.validation(16));
    Fit.Result result = run(network, new CtcLoss(3, 0), train, all, 30, 2, false);
    List<History.Row> rows = result.history().rows();
    assertThat(rows.get(0).validationLoss()).isGreaterThan(2);
    assertThat(result.validationLoss()).isLessThan(0.5);
  }

  private static Bundle ids(int... ids) {
    return Bundle.of(Bundle.MAIN, new IntSeq(ids.length, 1, ids));
  }

  private static Network network(Shape input, LayerSpec... layers) {
    return Network.build(new Sequential(List.of(layers)), input);
  }

  private static Fit.Result fit(
      Network network, Loss loss, Examples examples, int epochs, int threads) throws IOException {
    Batches train = new SequenceBatches(examples, examples.spans(), new BatchSpec(16, 5, true, 1));
    Batches all = new SequenceBatches(examples, examples.spans(), BatchSpec.validation(64));
    return run(network, loss, train, all, epochs, threads, true);
  }

  private static Fit.Result run(
      Network network,
      Loss loss,
      Batches train,
      Batches all,
      int epochs,
      int threads,
      boolean classes)
      throws IOException {
    FitSpec spec = FitSpec.of(UpdateSpec.of(new Adam(), 0.02), epochs, 1);
    return Fit.of(network, loss, spec, train, all, new PortableKernels())
        .withThreads(threads)
        .withMetrics(classes ? new Accuracy() : BatchMetrics.NONE)
        .run(network.initialWeights(1), FitListener.NONE);
  }
}
