package dev.eddy.model.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Gather;
import dev.eddy.model.layer.Lookback;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.NLinear;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.testing.KernelChecks;
import dev.eddy.model.testing.LayerCases;
import dev.eddy.model.testing.LayerContract;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The vector kernels give the bits of the portable ones. */
class VectorKernelsTest {
  private final Kernels vector = new VectorKernels();
  private final Kernels portable = new PortableKernels();

  @Test
  void theyAreWhatThisJvmRunsOn() {
    // Otherwise everything below would test something that nobody uses.
    assertThat(KernelSelection.kernels()).isInstanceOf(VectorKernels.class);
    assertThat(KernelSelection.kernels().name()).isEqualTo("vector");
  }

  @Test
  void productsFollowTheDefinition() {
    KernelChecks.products(vector);
  }

  @Test
  void functionsFollowTheDefinition() {
    KernelChecks.functions(vector);
  }

  @Test
  void productsWithPackedWeightsFollowTheDefinition() {
    KernelChecks.affines(vector);
  }

  @Test
  void lstmsFollowTheDefinition() {
    KernelChecks.lstms(vector);
  }

  @Test
  void dotsFollowTheDefinition() {
    KernelChecks.dots(vector);
  }

  @TestFactory
  Stream<DynamicTest> layersKeepTheContractOnThem() {
    return LayerCases.all().stream().flatMap(layer -> LayerContract.tests(layer, vector));
  }

  private record Pass(float[] output, float[] states, float[] grads, float[] dx) {}

  private static Pass pass(Network network, Bundle input, Kernels kernels) {
    float[] weights = network.initialWeights(5);
    float[] states = new float[input.batch() * network.stateSize()];
    Context context = Context.tracing(kernels);
    FloatSeq output = network.forward(weights, input, states, context);
    FloatSeq dOutput = random(input.time(), input.batch(), output.width(), 6);
    float[] grads = new float[weights.length];
    Bundle dInput = network.backward(weights, dOutput, context, grads);
    return new Pass(output.data(), states, grads, dInput.main().data());
  }

  private static FloatSeq random(int time, int batch, int width, long seed) {
    FloatSeq seq = FloatSeq.zeros(time, batch, width);
    Rng rng = new Rng(seed);
    for (int i = 0; i < seq.data().length; i++) {
      seq.data()[i] = (float) rng.nextGaussian();
    }
    return seq;
  }

  @Test
  void aWholeNetworkGivesTheSameBitsForwardAndBackward() {
    Network network =
        Network.build(
            Sum.of(
                Sequential.of(new Lstm(37), new Lstm(20), Dense.linear(26)),
                Sequential.of(new Lookback(50, 24), new NLinear(13, 24), Gather.of(spread(13, 2)))),
            new Shape(Map.of("x", 7, Lookback.PART, 3)));
    Bundle input = Bundle.of(random(11, 9, 7, 1)).with(Lookback.PART, series(random(11, 9, 3, 2)));
    Pass expected = pass(network, input, portable);
    Pass actual = pass(network, input, vector);
    KernelChecks.same("output", actual.output(), expected.output());
    KernelChecks.same("states", actual.states(), expected.states());
    KernelChecks.same("gradients", actual.grads(), expected.grads());
    KernelChecks.same("gradient of x", actual.dx(), expected.dx());
    assertThat(actual.grads()).isNotEqualTo(new float[actual.grads().length]);
  }

  private static FloatSeq series(FloatSeq random) {
    for (int i = 0; i < random.data().length; i += 3) {
      random.data()[i + 1] = random.data()[i + 1] > -1 ? 1 : 0;
      random.data()[i + 2] = random.data()[i + 2] > 1 ? 3 : 1;
    }
    return random;
  }

  private static int[] spread(int steps, int each) {
    int[] indices = new int[steps * each];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = i / each;
    }
    return indices;
  }
}
