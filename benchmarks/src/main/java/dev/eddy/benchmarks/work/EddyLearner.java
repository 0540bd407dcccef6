package dev.eddy.benchmarks.work;

import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Pool;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.Update;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.train.RowBlock;
import dev.eddy.model.train.TrainingStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Eddy's training step; the batch is cut into a block of rows for each thread. */
final class EddyLearner implements Learner {
  private static final int T = TrainWork.TIME;
  private static final int I = TrainWork.INPUTS;

  private final Kernels kernels = KernelSelection.kernels();
  private final Network network;
  private final float[] weights;
  private final float[] moments;
  private final List<List<RowBlock>> batches = new ArrayList<>();
  private final TrainingStep step;
  private long steps;

  EddyLearner(TrainWork work) {
    List<LayerSpec> layers = new ArrayList<>();
    work.weights().forEach(layer -> layers.add(new Lstm(work.hidden())));
    layers.add(new Pool(Pool.Mode.LAST));
    layers.add(Dense.linear(1));
    network = Network.build(new Sequential(layers), Shape.of(I));
    weights = new float[network.weightCount()];
    int at = 0;
    for (LstmWeights layer : work.weights()) {
      at = EddyContender.put(layer, weights, at);
    }
    System.arraycopy(work.head(), 0, weights, at, work.hidden());
    for (int i = 0; i < TrainWork.BATCHES; i++) {
      batches.add(blocks(i, work.threads()));
    }
    UpdateSpec adam =
        UpdateSpec.of(new Adam(), TrainWork.RATE)
            .withClip(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    moments = new Adam().newMoments(weights.length);
    Update update = new Update(adam, network.params());
    step = new TrainingStep(network, new SquaredError(1), update, kernels, work.threads(), 1);
  }

  private List<RowBlock> blocks(int i, int count) {
    int rows = TrainWork.BATCH / count;
    float[] all = TrainWork.inputs(i);
    float[] targets = TrainWork.targets(i);
    List<RowBlock> blocks = new ArrayList<>();
    for (int first = 0; first < TrainWork.BATCH; first += rows) {
      float[] x = new float[T * rows * I];
      for (int t = 0; t < T; t++) {
        System.arraycopy(all, (t * TrainWork.BATCH + first) * I, x, t * rows * I, rows * I);
      }
      float[] y = Arrays.copyOfRange(targets, first, first + rows);
      blocks.add(
          new RowBlock(
              Bundle.of(new FloatSeq(T, rows, I, x)),
              Bundle.of(new FloatSeq(1, rows, 1, y)),
              new float[rows * network.stateSize()]));
    }
    return blocks;
  }

  @Override
  public void learn(int i) {
    List<RowBlock> batch = batches.get(i);
    batch.forEach(block -> Arrays.fill(block.states(), 0f));
    step.add(weights, batch, steps);
    step.update(weights, moments, new double[0], steps++);
  }

  @Override
  public float[] predict(int i) {
    FloatSeq x = new FloatSeq(T, TrainWork.BATCH, I, TrainWork.inputs(i));
    float[] states = new float[TrainWork.BATCH * network.stateSize()];
    Context context = Context.stepping(kernels);
    return network.forward(weights, Bundle.of(x), states, context).data().clone();
  }

  @Override
  public void close() {
    step.close();
  }
}
