package dev.eddy.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recurrent dropout in training; elsewhere the contract kit checks that there is none. */
class RecurrentDropoutTest {
  private static final int TIME = 5;
  private static final int BATCH = 2;
  private static final int IN = 2;
  private static final int UNITS = 4;
  private static final long SEED = 9;
  private final Kernels kernels = new PortableKernels();

  static Stream<LayerSpec> layers() {
    return Stream.of(
        new Lstm(UNITS).withRecurrentDropout(0.4f),
        new Lstm(UNITS).withPeephole().withRecurrentDropout(0.4f),
        Gru.of(UNITS).withRecurrentDropout(0.4f),
        new Gru(UNITS, false, Gru.Update.REPLACE).withRecurrentDropout(0.4f),
        SimpleRnn.of(UNITS).withRecurrentDropout(0.4f));
  }

  private static float[] random(int n, int seed) {
    Rng rng = new Rng(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = 0.7f * (float) rng.nextGaussian();
    }
    return x;
  }

  private FloatSeq run(Network network, float[] weights, float[] x, Context context) {
    float[] states = random(BATCH * network.stateSize(), 3);
    return network.forward(weights, Bundle.of(new FloatSeq(TIME, BATCH, IN, x)), states, context);
  }

  private Context training() {
    return Context.training(kernels, new Rng(SEED));
  }

  private double loss(Network network, float[] weights, float[] x, float[] dOutput) {
    FloatSeq y = run(network, weights, x, training());
    double loss = 0;
    for (int i = 0; i < dOutput.length; i++) {
      loss += (double) dOutput[i] * y.data()[i];
    }
    return loss;
  }

  /** The generator's seed gives the same masks again, so that differences can be taken. */
  @ParameterizedTest
  @MethodSource("layers")
  void gradientsAreThoseOfTheMaskedNetwork(LayerSpec spec) {
    Network network = Network.build(spec, Shape.of(IN));
    float[] weights = random(network.weightCount(), 1);
    float[] x = random(TIME * BATCH * IN, 2);
    float[] dOutput = random(TIME * BATCH * UNITS, 4);
    Context context = training();
    run(network, weights, x, context);
    float[] grads = new float[weights.length];
    FloatSeq dy = new FloatSeq(TIME, BATCH, UNITS, dOutput);
    float[] dx = network.backward(weights, dy, context, grads).main().data();
    for (int i = 0; i < weights.length; i++) {
      assertThat((double) grads[i])
          .as("weight %d", i)
          .isCloseTo(slope(network, weights, x, dOutput, weights, i), within(5e-3));
    }
    for (int i = 0; i < x.length; i++) {
      assertThat((double) dx[i])
          .as("input %d", i)
          .isCloseTo(slope(network, weights, x, dOutput, x, i), within(5e-3));
    }
  }

  private double slope(
      Network network, float[] weights, float[] x, float[] dOutput, float[] array, int i) {
    float kept = array[i];
    array[i] = kept + 0x1p-9f;
    double above = loss(network, weights, x, dOutput);
    array[i] = kept - 0x1p-9f;
    double below = loss(network, weights, x, dOutput);
    array[i] = kept;
    return (above - below) * 0x1p8;
  }

  @ParameterizedTest
  @MethodSource("layers")
  void theMaskMatters(LayerSpec spec) {
    Network network = Network.build(spec, Shape.of(IN));
    float[] weights = random(network.weightCount(), 1);
    float[] x = random(TIME * BATCH * IN, 2);
    float[] whole = run(network, weights, x, Context.tracing(kernels)).data().clone();
    assertThat(run(network, weights, x, training()).data()).isNotEqualTo(whole);
    assertThat(run(network, weights, x, training()).data())
        .isEqualTo(run(network, weights, x, training()).data());
  }

  /** Where U and W are zero nothing but the leak is left: z h, whatever the mask. */
  @Test
  void aGruKeepsItsStateWhole() {
    for (boolean after : new boolean[] {true, false}) {
      Gru spec = new Gru(UNITS, after, Gru.Update.KEEP);
      float[] whole = leak(spec);
      assertThat(leak(spec.withRecurrentDropout(0.5f))).isEqualTo(whole);
    }
  }

  private float[] leak(Gru spec) {
    Network network = Network.build(spec, Shape.of(IN));
    float[] weights = new float[network.weightCount()];
    return run(network, weights, random(TIME * BATCH * IN, 2), training()).data().clone();
  }

  @Test
  void ratesAndActivationsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new Lstm(3).withRecurrentDropout(1f))
        .hasMessage("lstm: recurrentDropout must be from 0 to below 1, got 1.0");
    assertThatThrownBy(() -> Gru.of(3).withRecurrentDropout(-1f)).hasMessageContaining("gru: ");
    assertThatThrownBy(() -> new Lstm(3).withActivations(Activation.TANH, null, null))
        .hasMessageContaining("lstm: gateActivation must be one of [sigmoid, hardSigmoid]");
  }
}
