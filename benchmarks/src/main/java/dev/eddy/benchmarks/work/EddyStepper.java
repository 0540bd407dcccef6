package dev.eddy.benchmarks.work;

import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.net.Network;
import dev.eddy.model.net.Prepared;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;

/**
 * A serving step: the inputs are gathered into the batch, the states are rows of the caller's
 * array.
 */
final class EddyStepper implements Stepper {
  private final Network network;
  private final Prepared prepared;
  private final float[] states; // [B][h c]
  private final float[] x; // [B][I]
  private final Bundle input;
  private final Context context = Context.stepping(KernelSelection.kernels());
  private final float[][] inputs = new float[StepWork.INPUTS][];
  private final StepWork work;

  EddyStepper(StepWork work) {
    this.work = work;
    network = Network.build(new Lstm(work.hidden()), Shape.of(work.inputs()));
    float[] weights = new float[network.weightCount()];
    EddyContender.put(work.weights(), weights, 0);
    prepared = network.prepare(weights, context.kernels());
    states = new float[work.batch() * network.stateSize()];
    x = new float[work.batch() * work.inputs()];
    input = Bundle.of(new FloatSeq(1, work.batch(), work.inputs(), x));
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = work.input(i);
    }
  }

  @Override
  public void step(int i) {
    System.arraycopy(inputs[i], 0, x, 0, x.length);
    context.reset();
    prepared.forward(input, states, context);
  }

  @Override
  public float[] hidden() {
    int units = work.hidden();
    float[] h = new float[work.batch() * units];
    for (int b = 0; b < work.batch(); b++) {
      System.arraycopy(states, b * network.stateSize(), h, b * units, units);
    }
    return h;
  }
}
