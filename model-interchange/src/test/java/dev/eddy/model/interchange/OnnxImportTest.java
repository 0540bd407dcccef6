package dev.eddy.model.interchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.ActivationLayer;
import dev.eddy.model.layer.Bidirectional;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Pool;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.SimpleRnn;
import dev.eddy.model.model.SavedNetwork;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxImportTest {
  private static final Dense HEAD = new Dense(2, Activation.TANH);

  static Stream<Arguments> fixtures() {
    Dense linear = Dense.linear(2);
    return Stream.of(
        Arguments.of("lstm", Sequential.of(new Lstm(4), HEAD)),
        Arguments.of("gru-reset-after", Sequential.of(Gru.of(4), HEAD)),
        Arguments.of("gru-reset-before", Sequential.of(new Gru(4, false, Gru.Update.KEEP), HEAD)),
        Arguments.of("lstm-bidirectional", Sequential.of(Bidirectional.of(new Lstm(4)), HEAD)),
        Arguments.of("gru-bidirectional", Sequential.of(Bidirectional.of(Gru.of(4)), HEAD)),
        Arguments.of("rnn-tanh", Sequential.of(SimpleRnn.of(4), HEAD)),
        Arguments.of("rnn-relu", Sequential.of(new SimpleRnn(4, Activation.RELU), HEAD)),
        Arguments.of("embedding-gru", Sequential.of(Embedding.of(7, 3), Gru.of(4), HEAD)),
        Arguments.of("by-pytorch-lstm", Sequential.of(new Lstm(4), new Lstm(4), linear)),
        Arguments.of("by-pytorch-gru", Sequential.of(Gru.of(4), linear)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fixtures")
  void givesWhatOnnxRuntimeGave(String name, LayerSpec spec) {
    Import.Imported imported =
        Import.onnx(Files.read("onnx/" + name + ".onnx"), Files.reference("onnx/" + name), name);
    assertThat(imported.network().network().spec()).isEqualTo(spec);
    assertThat(imported.proof().maxDifference()).isLessThan(Proof.TOLERANCE);
    assertThat(imported.proof().values()).isEqualTo(36);
  }

  static Stream<Arguments> ours() {
    return Stream.of(
        Arguments.of(Sequential.of(new Lstm(5), new Lstm(3), Dense.linear(2)), 4),
        Arguments.of(Sequential.of(Gru.of(5), SimpleRnn.of(3), HEAD), 4),
        Arguments.of(
            Sequential.of(
                new Lstm(5),
                new ActivationLayer(Activation.ELU),
                new ActivationLayer(Activation.RELU),
                new Dense(3, Activation.LEAKY_RELU),
                new Dense(3, Activation.SOFTPLUS),
                new Dense(3, Activation.HARD_SIGMOID),
                new Dense(3, Activation.SOFTMAX)),
            4),
        Arguments.of(bothWays(Bidirectional.Merge.CONCAT), 4),
        Arguments.of(bothWays(Bidirectional.Merge.MEAN), 4),
        Arguments.of(bothWays(Bidirectional.Merge.SUM), 4),
        Arguments.of(bothWays(Bidirectional.Merge.PRODUCT), 4),
        Arguments.of(Sequential.of(new Lstm(5), new Pool(Pool.Mode.LAST)), 4),
        Arguments.of(Sequential.of(new Gru(5, false, Gru.Update.KEEP)), 4),
        Arguments.of(Sequential.of(Embedding.of(9, 4), new Lstm(3)), 0));
  }

  private static LayerSpec bothWays(Bidirectional.Merge merge) {
    SimpleRnn relu = new SimpleRnn(3, Activation.RELU);
    return Sequential.of(
        new Bidirectional(new Lstm(5), merge), new Bidirectional(relu, merge), HEAD);
  }

  @ParameterizedTest
  @MethodSource("ours")
  void comesBackToTheBit(LayerSpec spec, int width) {
    Network network = Network.build(spec, new Shape(Map.of(Bundle.MAIN, width)));
    float[] weights = network.initialWeights(3);
    weights[weights.length - 1] = -0f;
    byte[] file = OnnxExport.write(new SavedNetwork("net", network, weights, Map.of()));
    OnnxReader.Read read = OnnxReader.read(file);
    assertThat(read.network().architectureHash()).isEqualTo(network.architectureHash());
    assertThat(bits(read.weights())).isEqualTo(bits(weights));
    assertThat(OnnxExport.write(new SavedNetwork("net", network, read.weights(), Map.of())))
        .isEqualTo(file);
  }

  private static int[] bits(float[] weights) {
    int[] bits = new int[weights.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(weights[i]));
    return bits;
  }

  private static void refused(String message, byte[] file) {
    assertThatThrownBy(() -> Import.onnx(file, Files.reference("onnx/lstm"), "lstm"))
        .isInstanceOf(InterchangeException.class)
        .hasMessageContaining(message);
  }

  private static byte[] changed(String name, Consumer<GraphProto.Builder> change) {
    try {
      ModelProto.Builder model =
          ModelProto.parseFrom(Files.read("onnx/" + name + ".onnx")).toBuilder();
      change.accept(model.getGraphBuilder());
      return model.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static NodeProto.Builder node(GraphProto.Builder graph, String operator) {
    return graph.getNodeBuilderList().stream()
        .filter(node -> node.getOpType().equals(operator))
        .findFirst()
        .orElseThrow();
  }

  private static TensorProto.Builder tensor(GraphProto.Builder graph, String name) {
    return graph.getInitializerBuilderList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void refusesTheOtherResetConvention() {
    byte[] file =
        changed(
            "gru-reset-after",
            graph ->
                node(graph, "GRU").getAttributeBuilderList().stream()
                    .filter(attribute -> attribute.getName().equals("linear_before_reset"))
                    .forEach(attribute -> attribute.setI(0)));
    assertThatThrownBy(() -> Import.onnx(file, Files.reference("onnx/gru-reset-after"), "gru"))
        .isInstanceOf(InterchangeException.class)
        .hasMessageContaining("off by");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    refused("operator Erf", changed("lstm", graph -> node(graph, "Tanh").setOpType("Erf")));
    refused(
        "attribute clip",
        changed("lstm", graph -> node(graph, "LSTM").addAttribute(OnnxGraph.attribute("clip", 1))));
    refused("lengths or peepholes", changed("lstm", graph -> node(graph, "LSTM").addInput("x")));
    refused(
        "direction reverse",
        changed(
            "lstm",
            graph ->
                node(graph, "LSTM")
                    .clearAttribute()
                    .addAttribute(OnnxGraph.attribute("direction", "reverse"))));
    refused(
        "activations [Sigmoid, Relu, Tanh]",
        changed(
            "lstm",
            graph ->
                node(graph, "LSTM")
                    .addAttribute(
                        OnnxGraph.attribute("activations", List.of("Sigmoid", "Relu", "Tanh")))));
  }

  @Test
  void refusesWeightsThatDoNotFit() {
    refused("should hold", changed("lstm", graph -> tensor(graph, "W").setDims(2, 4)));
    refused("has the shape", changed("lstm", graph -> tensor(graph, "W").setDims(2, -3)));
    refused("has the shape", changed("lstm", graph -> tensor(graph, "W").setDims(2, 1L << 40)));
    refused("is computed", changed("lstm", graph -> tensor(graph, "W").setName("V")));
    refused(
        "lies in another file",
        changed(
            "lstm",
            graph -> tensor(graph, "W").setDataLocation(TensorProto.DataLocation.EXTERNAL)));
    refused(
        "of type INT32",
        changed(
            "lstm",
            graph -> tensor(graph, "W").setDataType(TensorProto.DataType.INT32.getNumber())));
  }

  @Test
  void refusesCircles() {
    refused(
        "runs in a circle", changed("lstm", graph -> node(graph, "Transpose").setInput(0, "Yt")));
  }

  @Test
  void refusesWithoutReference() {
    assertThatThrownBy(() -> Import.onnx(Files.read("onnx/lstm.onnx"), null, "lstm"))
        .isInstanceOf(InterchangeException.class)
        .hasMessageContaining("no reference");
  }

  @Test
  void refusesWhatIsDamaged() {
    byte[] file = Files.read("onnx/lstm.onnx");
    for (int length = 0; length < file.length; length += 3) {
      refused("", Arrays.copyOf(file, length));
    }
    refused("bytes beside its weights", padded());
  }

  /** A small file that would be a very large object: millions of empty nodes. */
  private static byte[] padded() {
    byte[] nodes = new byte[17 << 20];
    for (int i = 0; i < nodes.length; i += 2) {
      nodes[i] = GraphProto.NODE_FIELD_NUMBER << 3 | 2;
    }
    return ModelProto.newBuilder()
        .setUnknownFields(
            com.google.protobuf.UnknownFieldSet.newBuilder()
                .addField(
                    ModelProto.GRAPH_FIELD_NUMBER,
                    com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(com.google.protobuf.ByteString.copyFrom(nodes))
                        .build())
                .build())
        .build()
        .toByteArray();
  }

  @Test
  void nothingElseIsThrownWhateverTheFile() {
    byte[] file = Files.read("onnx/by-pytorch-lstm.onnx");
    byte[] reference = Files.reference("onnx/by-pytorch-lstm");
    Mutations.of(file, 1000).forEach(bytes -> onlyRefused(bytes, reference));
  }

  /** A changed file is refused, or the change did not matter. */
  private static void onlyRefused(byte[] file, byte[] reference) {
    try {
      Import.Imported imported = Import.onnx(file, reference, "net");
      assertThat(imported.proof().maxDifference()).isLessThan(Proof.TOLERANCE);
    } catch (InterchangeException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }
}
