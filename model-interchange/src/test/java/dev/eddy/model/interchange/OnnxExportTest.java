package dev.eddy.model.interchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.ActivationLayer;
import dev.eddy.model.layer.Bidirectional;
import dev.eddy.model.layer.Concat;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Conv1d;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Dropout;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Gather;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerNorm;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lookback;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.NLinear;
import dev.eddy.model.layer.Padding;
import dev.eddy.model.layer.Pool;
import dev.eddy.model.layer.Residual;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.SimpleRnn;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.layer.TimeSubsampling;
import dev.eddy.model.model.SavedNetwork;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    for (Bidirectional.Merge merge : Bidirectional.Merge.values()) {
      for (LayerSpec layer : List.of(new Lstm(5), Gru.of(3), SimpleRnn.of(2))) {
        cases.add(Arguments.of(merge + " " + layer.kind(), new Bidirectional(layer, merge)));
      }
    }
    for (Pool.Mode mode : Pool.Mode.values()) {
      cases.add(Arguments.of("pool " + mode, Sequential.of(new Lstm(5), new Pool(mode))));
    }
    for (Padding padding : Padding.values()) {
      for (int stride = 1; stride <= 2; stride++) {
        cases.add(
            Arguments.of(
                "conv1d %s, stride %d".formatted(padding, stride),
                new Conv1d(5, 3, stride, 2, padding, Activation.TANH)));
      }
    }
    cases.add(
        Arguments.of(
            "conv1d, lstm", Sequential.of(Conv1d.causal(3, 4), Conv1d.causal(2, 1), new Lstm(5))));
    cases.add(Arguments.of("conv1d, even", new Conv1d(5, 4, 1, 1, Padding.SAME, null)));
    cases.add(Arguments.of("layer norm", new LayerNorm(1e-3f)));
    cases.add(Arguments.of("residual", new Residual(Sequential.of(new Lstm(5), Dense.linear(I)))));
    cases.add(Arguments.of("concat", new Concat(List.of(new Lstm(5), Gru.of(2)))));
    cases.add(Arguments.of("dropout", Sequential.of(new Dropout(0.5f, false), new Lstm(5))));
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

  /** A forecast's network: the window of its lookback is the caller's to keep. */
  @Test
  void takesTheWindowOfALookbackAsAnInput() throws OrtException {
    Lookback lookback = new Lookback(6, 2);
    LayerSpec spec =
        Sum.of(
            Sequential.of(new Lstm(5), Dense.linear(6)),
            Sequential.of(lookback, new NLinear(3, 2), Gather.of(0, 0, 1, 1, 2, 2)));
    Bundle x = floats(1);
    float[] series = new float[T * B * 3];
    for (int row = 0; row < T * B; row++) {
      series[3 * row] = row % 5;
      series[3 * row + 1] = row % 4 == 0 ? 0 : 1;
      series[3 * row + 2] = 1;
    }
    Bundle both = x.with(Lookback.PART, new FloatSeq(T, B, 3, series));
    Shape input = new Shape(Map.of(Bundle.MAIN, I, Lookback.PART, 3));
    Network windows = Network.build(lookback, new Shape(Map.of(Lookback.PART, 3)));
    FloatSeq window =
        windows.forward(
            new float[0],
            Bundle.of(Lookback.PART, both.floats(Lookback.PART)),
            new float[B * 6],
            Context.stepping(KernelSelection.kernels()));
    Network network = Network.build(spec, input);
    float[] weights = network.initialWeights(5);
    SavedNetwork saved = new SavedNetwork("net", network, weights, Map.of());
    FloatSeq ours =
        network.forward(
            weights,
            both,
            new float[B * network.stateSize()],
            Context.stepping(KernelSelection.kernels()));
    try (OrtSession session =
        OrtEnvironment.getEnvironment().createSession(OnnxExport.write(saved))) {
      assertThat(session.getInputNames()).containsExactlyInAnyOrder("x", "window", "h_in", "c_in");
      float[] theirs = run(session, x.with("window", window), new TreeMap<>());
      for (int i = 0; i < theirs.length; i++) {
        assertThat(theirs[i]).isCloseTo(ours.data()[i], within(TOLERANCE));
      }
    }
  }

  @Test
  void namesTheLayerThatOnnxHasNoOperatorsFor() {
    Network network =
        Network.build(Sequential.of(new Lstm(4), new TimeSubsampling(2)), Shape.of(I));
    SavedNetwork saved = new SavedNetwork("net", network, network.initialWeights(1), Map.of());
    assertThatThrownBy(() -> OnnxExport.write(saved))
        .isInstanceOf(InterchangeException.class)
        .hasMessageContaining(".time-subsampling1: layers of kind time-subsampling cannot");
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
    byte[] onnx = OnnxExport.write(saved);
    checkOrder(onnx);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx)) {
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

  /** Nodes read only what is already there: ONNX asks for it, ONNX Runtime does not mind. */
  private static void checkOrder(byte[] onnx) {
    try {
      GraphProto graph = ModelProto.parseFrom(onnx).getGraph();
      Set<String> there = new HashSet<>(Set.of(""));
      graph.getInputList().forEach(input -> there.add(input.getName()));
      graph.getInitializerList().forEach(tensor -> there.add(tensor.getName()));
      for (NodeProto node : graph.getNodeList()) {
        assertThat(there).as(node.getOpType()).containsAll(node.getInputList());
        node.getOutputList().forEach(name -> assertThat(there.add(name)).as(name).isTrue());
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
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
    FloatSeq part = x.floats(name);
    return OnnxTensor.createTensor(
        environment, FloatBuffer.wrap(part.data()), new long[] {T, B, part.width()});
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
