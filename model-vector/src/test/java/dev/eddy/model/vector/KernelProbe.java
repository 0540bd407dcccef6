package dev.eddy.model.vector;

import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.testing.Bits;
import java.util.Arrays;

/**
 * Prints the kernels of this JVM and a hash of what a network does on them: run in JVMs of its own
 * by the tests.
 */
final class KernelProbe {
  private KernelProbe() {}

  public static void main(String[] args) {
    Kernels kernels = KernelSelection.kernels();
    System.out.println(kernels.name() + " " + hash(kernels));
  }

  /** Output, state and gradients of a network of awkward sizes, and of every layer there is. */
  static int hash(Kernels kernels) {
    Network network =
        Network.build(Sequential.of(new Lstm(21), new Lstm(13), Dense.linear(7)), Shape.of(5));
    float[] weights = network.initialWeights(1);
    FloatSeq x = FloatSeq.zeros(5, 6, 5);
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = (i * 37 % 101) / 50f - 1;
    }
    float[] states = new float[6 * network.stateSize()];
    float[] grads = new float[weights.length];
    Context context = Context.tracing(kernels);
    FloatSeq y = network.forward(weights, Bundle.of(x), states, context);
    network.backward(weights, y, context, grads);
    float[] exp = new float[grads.length];
    kernels.exp(grads.length, grads, 0, exp, 0);
    float dot = kernels.dot(grads.length, grads, 0, weights, 0);
    return Arrays.hashCode(
        new int[] {
          Arrays.hashCode(y.data()),
          Arrays.hashCode(states),
          Arrays.hashCode(grads),
          Arrays.hashCode(exp),
          Float.hashCode(dot),
          Bits.lines(kernels).hashCode()
        });
  }
}
