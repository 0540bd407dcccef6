package dev.eddy.benchmarks.learn;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Param;
import dev.eddy.model.layer.Pool;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.SimpleRnn;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.train.BatchMetrics;
import dev.eddy.model.train.BatchSpec;
import dev.eddy.model.train.Batches;
import dev.eddy.model.train.FitListener;
import dev.eddy.model.train.FitSpec;
import dev.eddy.model.train.SequenceBatches;
import java.io.IOException;
import java.util.List;

/**
 * The adding problem over 200 steps: what a gate is for. A GRU learns it, a plain recurrent network
 * with tanh and a Glorot start does not in the same budget.
 */
final class Adding implements Experiment {
  private static final int TIME = 200;
  private static final int UNITS = 64;
  private static final int ROWS = 64;
  private static final int STEPS = 1500;
  private static final int SCORED = 2000;

  @Override
  public String name() {
    return "adding";
  }

  @Override
  public String description() {
    return "the sum of two flagged numbers among %d; %d units, %,d steps of %d new sequences"
        .formatted(TIME, UNITS, STEPS, ROWS);
  }

  @Override
  public List<String> variants() {
    return List.of("gru", "rnn");
  }

  @Override
  public Bar bar(String variant) {
    return variant.equals("gru")
        ? new Bar(Trial.LOSS, false, 0.01)
        : new Bar(Trial.LOSS, true, 0.15);
  }

  @Override
  public Outcome run(String variant, long seed, int threads, FitListener listener)
      throws IOException {
    LayerSpec cell = variant.equals("gru") ? Gru.of(UNITS) : SimpleRnn.of(UNITS);
    Network network =
        Network.build(Sequential.of(cell, new Pool(Pool.Mode.LAST), Dense.linear(1)), Shape.of(2));
    UpdateSpec update = UpdateSpec.of(new Adam(), 0.003);
    return new Trial(
            network,
            start(network, seed),
            new SquaredError(1),
            FitSpec.of(update, 1, seed).withValidateEvery(100),
            batches(STEPS * ROWS, 3 * seed, BatchSpec.training(ROWS, seed)),
            batches(SCORED, 3 * seed + 1, BatchSpec.validation(ROWS)),
            batches(SCORED, 3 * seed + 2, BatchSpec.validation(ROWS)),
            BatchMetrics.NONE,
            true)
        .run(threads, listener);
  }

  /** A Glorot start for the recurrent weights too, which are orthogonal otherwise. */
  private static float[] start(Network network, long seed) {
    float[] weights = network.initialWeights(seed);
    int at = 0;
    for (Param param : network.params()) {
      if (param.name().endsWith("rnn0.U")) {
        Rng rng = Rng.of(seed, at, 1);
        float limit = (float) Math.sqrt(6.0 / (param.rows() + param.columns()));
        for (int i = 0; i < param.size(); i++) {
          weights[at + i] = limit * (2 * rng.nextFloat() - 1);
        }
      }
      at += param.size();
    }
    return weights;
  }

  private static Batches batches(int count, long seed, BatchSpec spec) {
    AddingExamples examples = new AddingExamples(count, TIME, seed);
    return new SequenceBatches(examples, examples.spans(), spec);
  }
}
