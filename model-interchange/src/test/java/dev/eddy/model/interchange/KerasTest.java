package dev.eddy.model.interchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.eddy.model.net.Network;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KerasTest {
  private static final Dense HEAD = new Dense(2, Activation.SIGMOID);

  private static final LayerSpec STACKED = Sequential.of(new Lstm(4), new Lstm(5), HEAD);

  private static final LayerSpec BOTH_WAYS =
      Sequential.of(
          Bidirectional.of(new Lstm(4)),
          new Bidirectional(Gru.of(4), Bidirectional.Merge.SUM),
          HEAD);

  static Stream<Arguments> fixtures() {
    SimpleRnn relu = new SimpleRnn(4, Activation.RELU);
    Gru before = new Gru(4, false, Gru.Update.KEEP);
    return Stream.of(
        Arguments.of("lstm-stacked.keras", STACKED),
        Arguments.of("lstm-stacked.h5", STACKED),
        Arguments.of("lstm-no-bias.keras", Sequential.of(new Lstm(4), Dense.linear(2))),
        Arguments.of("lstm-last.keras", Sequential.of(new Lstm(4), new Pool(Pool.Mode.LAST), HEAD)),
        Arguments.of("functional.keras", Sequential.of(Gru.of(4), new Lstm(3), HEAD)),
        Arguments.of(
            "activations.keras",
            Sequential.of(
                Gru.of(4),
                new ActivationLayer(Activation.ELU),
                new Dense(3, Activation.SWISH),
                new Dense(3, Activation.SOFTPLUS),
                new Dense(2, Activation.SOFTMAX))),
        Arguments.of("bidirectional.keras", BOTH_WAYS),
        Arguments.of("bidirectional.h5", BOTH_WAYS),
        Arguments.of("gru.keras", Sequential.of(Gru.of(4), HEAD)),
        Arguments.of("gru.h5", Sequential.of(Gru.of(4), HEAD)),
        Arguments.of("gru-reset-before.keras", Sequential.of(before, HEAD)),
        Arguments.of("rnn.keras", Sequential.of(SimpleRnn.of(4), relu, HEAD)),
        Arguments.of("embedding.keras", Sequential.of(Embedding.of(7, 3), Gru.of(4), HEAD)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fixtures")
  void givesWhatKerasGave(String file, LayerSpec spec) {
    Import.Imported imported =
        Import.keras(Files.read("keras/" + file), reference(file), "net", null);
    assertThat(imported.network().network().spec()).isEqualTo(spec);
    assertThat(imported.proof().maxDifference()).isLessThan(Proof.TOLERANCE);
  }

  private static byte[] reference(String file) {
    return Files.reference("keras/" + file.substring(0, file.indexOf('.')));
  }

  static Stream<Arguments> weightsAlone() {
    return Stream.of(
        Arguments.of("lstm-stacked.weights.h5", STACKED),
        Arguments.of("bidirectional.weights.h5", BOTH_WAYS),
        Arguments.of("gru.weights.h5", Sequential.of(Gru.of(4), HEAD)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("weightsAlone")
  void takesWeightsForAGivenNetwork(String file, LayerSpec spec) {
    Network network = Network.build(spec, Shape.of(3));
    byte[] bytes = Files.read("keras/" + file);
    Import.Imported imported = Import.keras(bytes, reference(file), "net", network);
    assertThat(imported.proof().values()).isEqualTo(36);
    assertThatThrownBy(() -> Import.keras(bytes, reference(file), "net", null))
        .isInstanceOf(InterchangeException.class)
        .hasMessageContaining("weights alone");
  }

  @Test
  void everyFileOfAModelGivesTheSameWeights() {
    byte[] reference = Files.reference("keras/gru");
    Network network = Network.build(Sequential.of(Gru.of(4), HEAD), Shape.of(3));
    float[] weights =
        Import.keras(Files.read("keras/gru.keras"), reference, "net", null).network().weights();
    for (String file : List.of("gru.h5", "gru.weights.h5")) {
      assertThat(
              Import.keras(Files.read("keras/" + file), reference, "net", network)
                  .network()
                  .weights())
          .isEqualTo(weights);
    }
  }

  private static void refused(String message, String file, LayerSpec... layers) {
    Network network = Network.build(Sequential.of(layers), Shape.of(3));
    assertThatThrownBy(
            () -> Import.keras(Files.read("keras/" + file), reference(file), "net", network))
        .isInstanceOf(InterchangeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesOtherNetworks() {
    refused("describes", "gru.keras", Gru.of(4), Dense.linear(2));
    refused("off by", "gru.weights.h5", Gru.of(4), Dense.linear(2));
    refused("which resets after the product", "gru.weights.h5", reset(false), HEAD);
    refused("has no weights in the file", "gru.weights.h5", new Lstm(4), HEAD);
    refused("is [2, 12], the network takes [2, 15]", "gru.weights.h5", Gru.of(5), HEAD);
    refused("holds more than the network takes: [dense]", "gru.weights.h5", Gru.of(4));
  }

  private static Gru reset(boolean after) {
    return new Gru(4, after, Gru.Update.KEEP);
  }

  private static void configRefused(String message, String layer) {
    String config =
        "{\"class_name\": \"Sequential\", \"config\": {\"layers\": [%s]}}".formatted(layer);
    assertThatThrownBy(() -> KerasConfig.network(config))
        .isInstanceOf(InterchangeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesWhatEddyHasNotOrHasOtherwise() {
    configRefused("(Lambda)", "{\"class_name\": \"Lambda\", \"config\": {\"name\": \"f\"}}");
    configRefused(
        "mask_zero", "{\"class_name\": \"Embedding\", \"config\": {\"mask_zero\": true}}");
    configRefused(
        "recurrent_activation hard_sigmoid",
        "{\"class_name\": \"LSTM\", \"config\": {\"units\": 2, \"activation\": \"tanh\", \"recurrent_activation\": \"hard_sigmoid\"}}");
    configRefused(
        "go_backwards", "{\"class_name\": \"GRU\", \"config\": {\"go_backwards\": true}}");
    configRefused(
        "return_sequences=False",
        "{\"class_name\": \"Bidirectional\", \"config\": {\"layer\": {\"class_name\": \"GRU\", \"config\": {}}}}");
    configRefused("units should be a number", "{\"class_name\": \"Dense\", \"config\": {}}");
    configRefused("input should be", "{\"class_name\": \"Dense\", \"config\": {\"units\": 2}}");
  }

  @Test
  void refusesGraphsThatAreNoChain() {
    String layer =
        "{\"class_name\": \"Dense\", \"name\": \"%s\", \"config\": {\"units\": 2}, \"inbound_nodes\": [%s]}";
    String config =
        "{\"class_name\": \"Functional\", \"config\": {\"layers\": [%s, %s, %s]}}"
            .formatted(
                layer.formatted("a", ""),
                layer.formatted("b", "[[[\"a\", 0, 0, {}]]]"),
                layer.formatted("c", "[[[\"a\", 0, 0, {}], [\"b\", 0, 0, {}]]]"));
    assertThatThrownBy(() -> KerasConfig.network(config))
        .isInstanceOf(InterchangeException.class)
        .hasMessageContaining("'c' reads");
  }

  @Test
  void refusesWhatIsDamaged() {
    for (String name : List.of("gru.keras", "gru.h5")) {
      byte[] file = Files.read("keras/" + name);
      byte[] reference = Files.reference("keras/gru");
      for (int length = 0; length < file.length; length += 1501) {
        onlyRefused(Arrays.copyOf(file, length), reference);
      }
      Mutations.of(file, 300).forEach(bytes -> onlyRefused(bytes, reference));
    }
    assertThatThrownBy(
            () -> Import.keras("hello world".getBytes(StandardCharsets.UTF_8), null, "net", null))
        .isInstanceOf(InterchangeException.class)
        .hasMessageContaining("neither a zip");
  }

  private static void onlyRefused(byte[] file, byte[] reference) {
    try {
      Import.Imported imported = Import.keras(file, reference, "net", null);
      assertThat(imported.proof().maxDifference()).isLessThan(Proof.TOLERANCE);
    } catch (InterchangeException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
