package dev.eddy.model.interchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.Bidirectional;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.SimpleRnn;
import dev.eddy.model.model.NetworkFile;
import dev.eddy.model.model.Safetensors;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PyTorchTest {
  private static final Dense HEAD = Dense.linear(2);

  private static Network network(LayerSpec... layers) {
    return Network.build(Sequential.of(layers), Shape.of(3));
  }

  static Stream<Arguments> fixtures() {
    return Stream.of(
        Arguments.of("lstm", network(new Lstm(4), HEAD)),
        Arguments.of("lstm-time-major", network(new Lstm(4), HEAD)),
        Arguments.of("lstm-no-bias", network(new Lstm(4), HEAD)),
        Arguments.of("lstm-float16", network(new Lstm(4), HEAD)),
        Arguments.of("gru", network(Gru.of(4), HEAD)),
        Arguments.of("gru", network(new Gru(4, true, Gru.Update.REPLACE), HEAD)),
        Arguments.of("gru-stacked", network(Gru.of(4), Gru.of(4), HEAD)),
        Arguments.of(
            "lstm-bidirectional",
            network(Bidirectional.of(new Lstm(4)), Bidirectional.of(new Lstm(4)), HEAD)),
        Arguments.of("gru-bidirectional", network(Bidirectional.of(Gru.of(4)), HEAD)),
        Arguments.of("rnn-tanh", network(SimpleRnn.of(4), HEAD)),
        Arguments.of("rnn-relu", network(new SimpleRnn(4, Activation.RELU), HEAD)),
        Arguments.of(
            "embedding-gru",
            Network.build(
                Sequential.of(Embedding.of(7, 3), Gru.of(4), HEAD),
                new Shape(Map.of(Bundle.MAIN, 0)))),
        Arguments.of("lstm-bfloat16", network(new Lstm(4), HEAD)),
        Arguments.of("lstm-float64", network(new Lstm(4), HEAD)),
        Arguments.of(
            "lstm-stacked", network(new Lstm(4), new Lstm(4), new Dense(2, Activation.TANH))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fixtures")
  void givesWhatPyTorchGave(String name, Network network) {
    Import.Imported imported = imported(name, network, Map.of());
    assertThat(imported.proof().maxDifference()).isLessThan(Proof.TOLERANCE);
    assertThat(imported.proof().values()).isEqualTo(36);
    byte[] file = NetworkFile.write(imported.network());
    assertThat(NetworkFile.read(file).weights()).isEqualTo(imported.network().weights());
  }

  private static Import.Imported imported(
      String name, Network network, Map<String, String> modules) {
    String path = "pytorch/" + name;
    return Import.pytorch(
        Files.read(path + ".safetensors"), Files.reference(path), name, network, modules);
  }

  private static void refused(String message, String name, LayerSpec... layers) {
    refused(message, name, Map.of(), layers);
  }

  private static void refused(
      String message, String name, Map<String, String> modules, LayerSpec... layers) {
    assertThatThrownBy(() -> imported(name, network(layers), modules))
        .isInstanceOf(InterchangeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesAnotherActivation() {
    refused("off by", "lstm", new Lstm(4), new Dense(2, Activation.TANH));
  }

  @Test
  void takesTheModulesThatAreNamed() {
    Map<String, String> named = Map.of("sequential.lstm0", "rnn.l0", "sequential.lstm1", "rnn.l1");
    Dense head = new Dense(2, Activation.TANH);
    Network network = network(new Lstm(4), new Lstm(4), head);
    assertThat(imported("lstm-stacked", network, named).proof().values()).isEqualTo(36);
    Map<String, String> unknown = Map.of("sequential.lstm0", "rnn.l7");
    refused("needs a module rnn.l7", "lstm-stacked", unknown, new Lstm(4), new Lstm(4), head);
    Map<String, String> other = Map.of("sequential.lstm0", "rnn.l1");
    refused("is [16, 4], the network takes [16, 3]", "lstm-stacked", other, new Lstm(4), head);
  }

  @Test
  void refusesOtherConventions() {
    refused("off by", "rnn-relu", SimpleRnn.of(4), HEAD);
    Gru before = new Gru(4, false, Gru.Update.KEEP);
    refused("a GRU of PyTorch resets after the product", "gru", before, HEAD);
  }

  @Test
  void refusesOneWayOfTwo() {
    Bidirectional sum = new Bidirectional(Gru.of(4), Bidirectional.Merge.SUM);
    refused("needs a nn.Linear with weight [2, 4]", "gru-bidirectional", sum, HEAD);
    refused("lacks tensor 'rnn.weight_ih_l0_reverse'", "gru", Bidirectional.of(Gru.of(4)), HEAD);
  }

  @Test
  void refusesOtherSizes() {
    refused("sequential.lstm0 needs a recurrent module", "lstm", new Lstm(5), HEAD);
    refused("sequential.dense1 needs a nn.Linear", "lstm", new Lstm(4), Dense.linear(3));
  }

  @Test
  void refusesWhatIsLeftOver() {
    refused("holds more than the network takes: [head.bias, head.weight]", "lstm", new Lstm(4));
  }

  @Test
  void refusesWithoutReference() {
    byte[] file = Files.read("pytorch/lstm.safetensors");
    assertThatThrownBy(
            () -> Import.pytorch(file, null, "lstm", network(new Lstm(4), HEAD), Map.of()))
        .isInstanceOf(InterchangeException.class)
        .hasMessageContaining("no reference");
  }

  /** Files as they are, but for what somebody else's convention would make of them. */
  @Test
  void refusesAnotherOrderOfGates() {
    byte[] file = Files.read("pytorch/lstm.safetensors");
    for (String tensor :
        List.of("rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0")) {
      swapQuarters(file, tensor, 2, 3);
    }
    refusedFile("off by", file, Files.reference("pytorch/lstm"));
  }

  /** Exchanges two of a tensor's four blocks of rows. file: Modified. */
  private static void swapQuarters(byte[] file, String tensor, int one, int other) {
    Safetensors.Entry entry = Safetensors.read(file).entries().get(tensor);
    int length = entry.count() * Float.BYTES / 4;
    int a = entry.at() + one * length;
    int b = entry.at() + other * length;
    byte[] kept = Arrays.copyOfRange(file, a, a + length);
    System.arraycopy(file, b, file, a, length);
    System.arraycopy(kept, 0, file, b, length);
  }

  private static void refusedFile(String message, byte[] file, byte[] reference) {
    Network network = network(new Lstm(4), HEAD);
    assertThatThrownBy(() -> Import.pytorch(file, reference, "lstm", network, Map.of()))
        .isInstanceOf(InterchangeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesAReferenceThatProvesNothing() {
    byte[] file = Files.read("pytorch/lstm.safetensors");
    refusedFile("does not prove 'lstm0.U'", file, oneStep());
    byte[] other = Files.reference("pytorch/lstm-stacked");
    refusedFile("off by", file, other);
    refusedFile("should say layout: batch-time or time-batch", file, file);
  }

  /** The reference's first step alone: nothing has come back through U yet. */
  private static byte[] oneStep() {
    Safetensors all = Safetensors.read(Files.reference("pytorch/lstm"));
    return Tensors.file(
        Map.of("layout", "batch-time"),
        Map.of(
            "x", firstStep(all, "x", 3),
            "y", firstStep(all, "y", 2)));
  }

  private static Tensor firstStep(Safetensors file, String name, int width) {
    float[] values = file.floats(name);
    float[] first = new float[3 * width];
    for (int b = 0; b < 3; b++) {
      System.arraycopy(values, b * 6 * width, first, b * width, width);
    }
    return new Tensor(name, List.of(3, 1, width), first);
  }

  @Test
  void takesAReferenceInsideTheFile() {
    Safetensors weights = Safetensors.read(Files.read("pytorch/lstm.safetensors"));
    Safetensors reference = Safetensors.read(Files.reference("pytorch/lstm"));
    Map<String, Tensor> all = new TreeMap<>();
    weights.entries().forEach((name, entry) -> all.put(name, Tensors.of(weights, name)));
    reference
        .entries()
        .forEach((name, entry) -> all.put("reference." + name, Tensors.of(reference, name)));
    byte[] file = Tensors.file(Map.of("layout", "batch-time"), all);
    Import.Imported imported =
        Import.pytorch(file, null, "lstm", network(new Lstm(4), HEAD), Map.of());
    assertThat(imported.proof().values()).isEqualTo(36);
    assertThat(imported.network().weights())
        .isEqualTo(imported("lstm", network(new Lstm(4), HEAD), Map.of()).network().weights());
  }

  @Test
  void refusesWhatIsDamaged() {
    byte[] file = Files.read("pytorch/lstm.safetensors");
    byte[] reference = Files.reference("pytorch/lstm");
    for (int length = 0; length < file.length; length += 7) {
      byte[] cut = Arrays.copyOf(file, length);
      Network network = network(new Lstm(4), HEAD);
      assertThatThrownBy(() -> Import.pytorch(cut, reference, "lstm", network, Map.of()))
          .isInstanceOf(InterchangeException.class);
    }
    refusedFile("cut short", Arrays.copyOf(file, 300), reference);
    refusedFile("not a model", "<html>".getBytes(StandardCharsets.UTF_8), reference);
  }
}
