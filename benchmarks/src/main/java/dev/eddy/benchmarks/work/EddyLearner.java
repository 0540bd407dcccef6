package dev.eddy.benchmarks.work;

import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Eddy's training step. All steps but the last have no target (NaN). */
final class EddyLearner implements Learner {
  private static final int T = TrainWork.TIME;
  private static final int B = TrainWork.BATCH;

  private final Network network;
  private final float[] weights;
  private final float[] grads;
  private final float[] moments;
  private final float[] states;
  private final Bundle[] inputs = new Bundle[TrainWork.BATCHES];
  private final FloatSeq[] targets = new FloatSeq[TrainWork.BATCHES];
  private final FloatSeq dOutput = FloatSeq.zeros(T, B, 1);
  private final SquaredError loss = new SquaredError(1);
  private final Adam adam = new Adam();
  private final Context context = Context.training(KernelSelection.kernels(), new Rng(1));
  private long steps;

  EddyLearner(TrainWork work) {
    List<LayerSpec> layers = new ArrayList<>();
    work.weights().forEach(layer -> layers.add(new Lstm(work.hidden())));
    layers.add(Dense.linear(1));
    network = Network.build(new Sequential(layers), Shape.of(TrainWork.INPUTS));
    weights = new float[network.weightCount()];
    int at = 0;
    for (LstmWeights layer : work.weights()) {
      at = EddyContender.put(layer, weights, at);
    }
    System.arraycopy(work.head(), 0, weights, at, work.hidden());
    grads = new float[weights.length];
    moments = adam.newMoments(weights.length);
    states = new float[B * network.stateSize()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = Bundle.of(new FloatSeq(T, B, TrainWork.INPUTS, TrainWork.inputs(i)));
      float[] y = new float[T * B];
      Arrays.fill(y, Float.NaN);
      System.arraycopy(TrainWork.targets(i), 0, y, (T - 1) * B, B);
      targets[i] = new FloatSeq(T, B, 1, y);
    }
  }

  @Override
  public void learn(int i) {
    FloatSeq outputs = forward(i);
    loss.apply(outputs, targets[i], dOutput);
    Arrays.fill(grads, 0f);
    network.backward(weights, dOutput, context, grads);
    adam.step(weights, grads, moments, ++steps, TrainWork.RATE);
  }

  @Override
  public float[] predict(int i) {
    return Arrays.copyOfRange(forward(i).data(), (T - 1) * B, T * B);
  }

  private FloatSeq forward(int i) {
    context.reset();
    Arrays.fill(states, 0f);
    return network.forward(weights, inputs[i], states, context);
  }
}
