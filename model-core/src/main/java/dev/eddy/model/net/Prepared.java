package dev.eddy.model.net;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Packs;
import dev.eddy.model.layer.Slice;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;

/**
 * A network with weights of its own that never change, kept beside in the forms in which the
 * kernels read them: what a serving step runs on. The same bits as {@link Network#forward}. Many
 * threads may share it, each with its own context.
 */
public final class Prepared {
  private final Network network;
  private final Slice weights;

  Prepared(Network network, float[] weights, Kernels kernels) {
    this.network = network;
    this.weights = new Slice(weights, 0, weights.length, new Packs(kernels));
  }

  /** The network. */
  public Network network() {
    return network;
  }

  /** {@link Network#initialState}. states: Modified. */
  public void initialState(float[] states, int b) {
    network.initialState(weights, states, b);
  }

  /**
   * {@link Network#forward}. states: Modified.
   *
   * @throws IllegalArgumentException if the context brings other kernels than those it was prepared
   *     for
   */
  public FloatSeq forward(Bundle input, float[] states, Context context) {
    return run(input, states, context).main();
  }

  /** {@link Network#run}. states: Modified. */
  public Bundle run(Bundle input, float[] states, Context context) {
    return network.run(weights, input, states, context);
  }
}
