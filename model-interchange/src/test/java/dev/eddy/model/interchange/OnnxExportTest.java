package dev.eddy.model.interchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.ActivationLayer;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Dropout;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Gather;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.NLinear;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.SimpleRnn;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.model.SavedNetwork;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime is the second oracle: it must give what Eddy gives. */
class OnnxExportTest {
  private static final float TOLERANCE = 1e-5f;
  private static final int T = 7;
  private static final int B = 3;
  private static final int I = 4;

  static Stream<Arguments> layers() {
    List<Arguments> cases = new ArrayList<>();
    cases.add(Arguments.of("lstm", new Lstm(5)));
    cases.add(Arguments.of("lstm, dropout", new Lstm(5).withRecurrentDropout(0.5f)));
    for (Gru.Update update : Gru.Update.values()) {
      for (boolean after : new boolean[] {false, true}) {
        cases.add(
            Arguments.of(
                "gru, resetAfter %s, %s".formatted(after, update), new Gru(5, after, update)));
      }
    }
    for (Activation activation : List.of(Activation.TANH, Activation.SIGMOID, Activation.RELU)) {
      cases.add(Arguments.of("rnn " + activation, new SimpleRnn(5, activation)));
    }
    cases.add(Arguments.of("mixed", Sequential.of(Gru.of(5), new Lstm(3), SimpleRnn.of(2))));
    cases.add(Arguments.of("stacked", Sequential.of(new Lstm(5), new Lstm(3), Dense.linear(2))));
    cases.add(Arguments.of("beside", Sum.of(new Lstm(5), Dense.linear(5))));
    for (Activation activation : Activation.values()) {
      cases.add(Arguments.of("dense " + activation, new Dense(3, activation)));
    }
    cases.add(
        Arguments.of(
            "activation, dropout",
            Sequential.of(Dropout.of(0.5f), new ActivationLayer(Activation.GELU))));
    cases.add(Arguments.of("gather", Gather.of(3, 0, 0, 2, 1)));
    cases.add(Arguments.of("nlinear", new NLinear(3, 2)));
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void onnxRuntimeGivesTheSame(String name, LayerSpec spec) throws OrtException {
    same(spec, Shape.of(I), floats(1));
  }

  static Stream<Arguments> ofIds() {
    return Stream.of(
        Arguments.of("embedding", Embedding.of(9, 4)),
        Arguments.of("embedding, padded", new Embedding(9, 4, null, 2)),
        Arguments.of("embedding, lstm", Sequential.of(Embedding.of(9, 4), new Lstm(3))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofIds")
  void onnxRuntimeGivesTheSameForIds(String name, LayerSpec spec) throws OrtException {
    Rng rng = new Rng(3);
    int[] ids = IntStream.range(0, T * B).map(i -> rng.nextInt(9)).toArray();
    same(spec, new Shape(Map.of(Bundle.MAIN, 0)), Bundle.of(Bundle.MAIN, new IntSeq(T, B, ids)));
  }

  private static Bundle floats(long seed) {
    Rng rng = new Rng(seed);
    float[] x = new float[T * B * I];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) rng.nextGaussian();
    }
    return Bundle.of(new FloatSeq(T, B, I, x));
  }

  /** The whole sequence at once, and the state it leaves as the start of a second run. */
  private static void same(LayerSpec spec, Shape input, Bundle x) throws OrtException {
    Network network = Network.build(spec, input);
    float[] weights = network.initialWeights(5);
    Rng rng = new Rng(7);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += 0.2f * (float) rng.nextGaussian(); // no bias stays zero
    }
    SavedNetwork saved = new SavedNetwork("net", network, weights, Map.of());
    float[] states = new float[B * network.stateSize()];
    try (OrtSession session =
        OrtEnvironment.getEnvironment().createSession(OnnxExport.write(saved))) {
      Map<String, float[]> carried = new TreeMap<>();
      for (int run = 0; run < 2; run++) {
        FloatSeq ours =
            network.forward(weights, x, states, Context.stepping(KernelSelection.kernels()));
        float[] theirs = run(session, x, carried);
        for (int i = 0; i < theirs.length; i++) {
          assertThat(theirs[i])
              .isCloseTo(ours.data()[i], within(TOLERANCE * Math.max(1, Math.abs(ours.data()[i]))));
        }
        assertThat(theirs).hasSize(ours.time() * ours.batch() * ours.width());
      }
    }
  }

  private static org.assertj.core.data.Offset<Float> within(float tolerance) {
    return org.assertj.core.data.Offset.offset(tolerance);
  }

  /** y; carried: the states before, then those after. Modified. */
  private static float[] run(OrtSession session, Bundle x, Map<String, float[]> carried)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> inputs = new TreeMap<>();
    for (String name : session.getInputNames()) {
      inputs.put(name, input(environment, session, name, x, carried));
    }
    try (OrtSession.Result result = session.run(inputs)) {
      for (String letter : List.of("h", "c")) {
        if (result.get(letter + "_out").isPresent()) {
          carried.put(letter + "_in", values(result, letter + "_out"));
        }
      }
      return values(result, "y");
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor input(
      OrtEnvironment environment,
      OrtSession session,
      String name,
      Bundle x,
      Map<String, float[]> carried)
      throws OrtException {
    if (name.endsWith("_in")) {
      long[] shape =
          ((ai.onnxruntime.TensorInfo) session.getInputInfo().get(name).getInfo()).getShape();
      int width = (int) shape[1];
      float[] state = carried.getOrDefault(name, new float[B * width]);
      return OnnxTensor.createTensor(environment, FloatBuffer.wrap(state), new long[] {B, width});
    }
    if (x.parts().get(name) instanceof IntSeq ids) {
      long[] values = Arrays.stream(ids.data()).asLongStream().toArray();
      return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), new long[] {T, B});
    }
    return OnnxTensor.createTensor(
        environment, FloatBuffer.wrap(x.main().data()), new long[] {T, B, x.main().width()});
  }

  private static float[] values(OrtSession.Result result, String name) {
    FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  @Test
  void optionsThatAreNotExchangedAreRefused() {
    for (LayerSpec spec :
        List.of(
            new Lstm(3).withPeephole(),
            new Lstm(3).withActivations(null, Activation.SIGMOID, null),
            Gru.of(3).withLearnedState(),
            SimpleRnn.of(3).withLearnedState())) {
      Network network = Network.build(spec, Shape.of(I));
      SavedNetwork saved = new SavedNetwork("net", network, network.initialWeights(1), Map.of());
      assertThatThrownBy(() -> OnnxExport.write(saved))
          .isInstanceOf(InterchangeException.class)
          .hasMessageContaining(spec.kind() + ": peepholes");
    }
  }
}
