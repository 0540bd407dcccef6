package dev.eddy.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Gather;
import dev.eddy.model.layer.Lookback;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.MaxPool2d;
import dev.eddy.model.layer.NLinear;
import dev.eddy.model.layer.Param;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.testing.LayerCases;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final Shape FORECAST_INPUT = new Shape(Map.of("x", 4, Lookback.PART, 3));
  private final Network forecaster = Network.build(LayerCases.forecaster(), FORECAST_INPUT);

  @Test
  void weightsAreNamedByTheirPath() {
    assertThat(forecaster.params().stream().map(Param::name))
        .containsExactly(
            "sequential0.lstm0.W",
            "sequential0.lstm0.U",
            "sequential0.lstm0.b",
            "sequential0.dense1.W",
            "sequential0.dense1.b",
            "sequential1.nlinear1.W",
            "sequential1.nlinear1.b");
    assertThat(forecaster.weightCount())
        .isEqualTo(forecaster.params().stream().mapToInt(Param::size).sum());
    assertThat(forecaster.stateSize()).isEqualTo(2 * 5 + 8);
    assertThat(forecaster.outputWidth()).isEqualTo(6);
  }

  @Test
  void hashAndFirstWeightsAreTheSameOnEveryJvm() {
    assertThat(forecaster.architectureHash()).isEqualTo(HASH);
    assertThat(Arrays.hashCode(forecaster.initialWeights(1))).isEqualTo(WEIGHTS);
    assertThat(forecaster.initialWeights(1)).isNotEqualTo(forecaster.initialWeights(2));
  }

  @Test
  void imagesOfAnotherShapeAreAnotherArchitecture() {
    MaxPool2d pool = MaxPool2d.of(2);
    assertThat(Network.build(pool, Shape.of(new Shape.Image(4, 6, 1))).architectureHash())
        .isNotEqualTo(Network.build(pool, Shape.of(new Shape.Image(6, 4, 1))).architectureHash());
  }

  private static final long HASH = 8467069525130699734L;
  private static final int WEIGHTS = 125035026;

  @Test
  void optionsLeftOutAreNoPartOfTheHash() {
    // Of format version 1: states saved before there were options must go on fitting.
    assertThat(Network.build(new Lstm(4), Shape.of(4)).architectureHash()).isEqualTo(LSTM_HASH);
    Lstm usual = new Lstm(4).withActivations(Activation.SIGMOID, Activation.TANH, Activation.TANH);
    assertThat(usual).isEqualTo(new Lstm(4));
    assertThat(Network.build(new Lstm(4).withLearnedState(), Shape.of(4)).architectureHash())
        .isNotEqualTo(LSTM_HASH);
  }

  private static final long LSTM_HASH = -4371042420902243014L;

  @Test
  void hashTellsArchitecturesApart() {
    List<Network> networks =
        List.of(
            forecaster,
            Network.build(new Lstm(4), Shape.of(4)),
            Network.build(new Lstm(4), Shape.of(5)),
            Network.build(new Lstm(5), Shape.of(4)),
            Network.build(Sequential.of(new Lstm(4)), Shape.of(4)),
            Network.build(new Dense(4, Activation.TANH), Shape.of(4)),
            Network.build(Dense.linear(4), Shape.of(4)));
    assertThat(networks.stream().map(Network::architectureHash)).doesNotHaveDuplicates();
  }

  @Test
  void forgetGateStartsOpenAndRecurrentBlocksAreRotations() {
    int h = 6;
    float[] w = Network.build(new Lstm(h), Shape.of(2)).initialWeights(3);
    int u = 2 * 4 * h;
    float[] bias = Arrays.copyOfRange(w, u + h * 4 * h, w.length);
    for (int j = 0; j < 4 * h; j++) {
      assertThat(bias[j]).isEqualTo(j / h == 1 ? 1f : 0f);
    }
    for (int gate = 0; gate < 4; gate++) {
      for (int r = 0; r < h; r++) {
        for (int s = 0; s < h; s++) {
          double dot = 0;
          for (int j = 0; j < h; j++) {
            dot += w[u + r * 4 * h + gate * h + j] * (double) w[u + s * 4 * h + gate * h + j];
          }
          assertThat(dot).isCloseTo(r == s ? 1 : 0, org.assertj.core.data.Offset.offset(1e-6));
        }
      }
    }
  }

  @Test
  void nLinearStartsAsTheSeasonalNaive() {
    Network network =
        Network.build(
            Sequential.of(new Lookback(6, 3), new NLinear(5, 3), Gather.of(0, 1, 2, 3, 4)),
            new Shape(Map.of(Lookback.PART, 3)));
    FloatSeq series = FloatSeq.zeros(6, 1, 3);
    for (int t = 0; t < 6; t++) {
      series.data()[t * 3] = t;
      series.data()[t * 3 + 1] = 1;
      series.data()[t * 3 + 2] = 1;
    }
    float[] y =
        network
            .forward(
                network.initialWeights(1),
                Bundle.of(Lookback.PART, series),
                new float[6],
                Context.stepping(new PortableKernels()))
            .data();
    assertThat(Arrays.copyOfRange(y, 25, 30)).containsExactly(3, 4, 5, 3, 4);
  }

  @Test
  void aPassOfTheSameShapeTakesNoNewMemory() {
    Context context = Context.stepping(new PortableKernels());
    float[] weights = forecaster.initialWeights(1);
    Bundle input = Bundle.of(FloatSeq.zeros(1, 2, 4)).with(Lookback.PART, FloatSeq.zeros(1, 2, 3));
    float[] states = new float[2 * forecaster.stateSize()];
    float[] first = forecaster.forward(weights, input, states, context).data();
    context.reset();
    assertThat(forecaster.forward(weights, input, states, context).data()).isSameAs(first);
  }

  /** A specification may come from a file that nobody trusts: sizes are checked, never wrapped. */
  @Test
  void aNetworkThatIsTooLargeIsRefused() {
    refused("weights", () -> Network.build(new Lstm(16_384), Shape.of(4)));
    refused("weights", () -> Network.build(Sequential.of(new Lstm(1 << 24)), Shape.of(4)));
    refused("units", () -> new Lstm(1 << 30)); // four gates of them are 0 columns
    refused("units", () -> Dense.linear(1 << 30));
    refused("length", () -> new Lookback(Integer.MAX_VALUE, 0));
    refused(
        "weights",
        () ->
            Network.build(
                Sequential.of(new Lookback(100_000, 0), new NLinear(42_950, 0)), FORECAST_INPUT));
    Lookback[] many = new Lookback[3];
    Arrays.fill(many, new Lookback(100_000, 0));
    refused("state", () -> Network.build(new Sum(List.of(many)), FORECAST_INPUT));
  }

  private static void refused(
      String what, org.assertj.core.api.ThrowableAssert.ThrowingCallable c) {
    assertThatThrownBy(c).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(what);
  }

  @Test
  void wrongArraysAreRefused() {
    Context context = Context.stepping(new PortableKernels());
    Bundle input = Bundle.of(FloatSeq.zeros(1, 2, 4)).with(Lookback.PART, FloatSeq.zeros(1, 2, 3));
    float[] weights = forecaster.initialWeights(1);
    assertThatThrownBy(() -> forecaster.forward(new float[3], input, new float[36], context))
        .hasMessageContaining("weights, got an array of 3");
    assertThatThrownBy(() -> forecaster.forward(weights, input, new float[35], context))
        .hasMessageContaining("states of 2 entities need 36 floats, got 35");
    Bundle narrow = Bundle.of(FloatSeq.zeros(1, 2, 3)).with(Lookback.PART, FloatSeq.zeros(1, 2, 3));
    assertThatThrownBy(() -> forecaster.forward(weights, narrow, new float[36], context))
        .hasMessageContaining("input part 'x' must be 4 wide, got 3");
  }

  @Test
  void lengthsMaskAndStartsMustFitTheInput() {
    Network network = Network.build(new Lstm(2), Shape.of(1));
    float[] weights = network.initialWeights(1);
    Bundle input = Bundle.of(FloatSeq.zeros(3, 2, 1));
    Map.of(
            "lengths [B] must have 2 values, got 1",
            input.withLengths(new int[] {3}),
            "lengths[1] must be from 0 to T = 3, got 4",
            input.withLengths(new int[] {0, 4}),
            "mask [T][B] must have 6 values, got 3",
            input.withMask(new boolean[3]),
            "starts [B] must have 2 values, got 3",
            input.withStarts(new boolean[3]))
        .forEach(
            (message, wrong) ->
                assertThatThrownBy(
                        () ->
                            network.forward(
                                weights,
                                wrong,
                                new float[8],
                                Context.stepping(new PortableKernels())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message));
  }

  @Test
  void backwardNeedsATracedForward() {
    Network network = Network.build(new Lstm(2), Shape.of(1));
    float[] weights = network.initialWeights(1);
    Context context = Context.stepping(new PortableKernels());
    FloatSeq y =
        network.forward(weights, Bundle.of(FloatSeq.zeros(3, 1, 1)), new float[4], context);
    assertThatThrownBy(() -> network.backward(weights, y, context, new float[weights.length]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Context.training");
  }

  @Test
  void aPreparedNetworkGivesTheSameBitsAndKeepsItsWeights() {
    Network network =
        Network.build(Sequential.of(new Lstm(5), new Lstm(3), Dense.linear(2)), Shape.of(4));
    float[] weights = network.initialWeights(1);
    PortableKernels kernels = new PortableKernels();
    Prepared prepared = network.prepare(weights, kernels);
    FloatSeq x = FloatSeq.zeros(3, 2, 4);
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = i % 5 - 2;
    }
    float[] states = new float[2 * network.stateSize()];
    float[] expected =
        network.forward(weights, Bundle.of(x), states, Context.stepping(kernels)).data().clone();
    Arrays.fill(weights, 7f);
    for (int pass = 0; pass < 2; pass++) { // the second finds what the first packed
      float[] again = new float[states.length];
      FloatSeq y = prepared.forward(Bundle.of(x), again, Context.stepping(kernels));
      assertThat(y.data()).isEqualTo(expected);
      assertThat(again).isEqualTo(states);
    }
    Context other = Context.stepping(new PortableKernels());
    assertThatThrownBy(() -> prepared.forward(Bundle.of(x), states, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weights were prepared for the portable kernels");
  }
}
