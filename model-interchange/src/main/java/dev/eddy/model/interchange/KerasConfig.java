package dev.eddy.model.interchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import dev.eddy.model.seq.Bundle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The network that a Keras file describes: a chain of layers, sequential or functional. */
final class KerasConfig {
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(200).build())
              .build());

  private static final Set<String> IDLE =
      Set.of("InputLayer", "Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout");

  /** Those that are the same function there; gelu, hard_sigmoid and leaky_relu are not. */
  private static final Map<String, Activation> ACTIVATIONS =
      Map.of(
          "linear", Activation.LINEAR,
          "relu", Activation.RELU,
          "tanh", Activation.TANH,
          "sigmoid", Activation.SIGMOID,
          "elu", Activation.ELU,
          "softplus", Activation.SOFTPLUS,
          "silu", Activation.SWISH,
          "swish", Activation.SWISH,
          "softmax", Activation.SOFTMAX);

  private static final Map<String, Bidirectional.Merge> MERGES =
      new TreeMap<>(
          Map.of(
              "concat", Bidirectional.Merge.CONCAT,
              "sum", Bidirectional.Merge.SUM,
              "ave", Bidirectional.Merge.MEAN,
              "mul", Bidirectional.Merge.PRODUCT));

  private KerasConfig() {}

  /**
   * The network of a configuration.
   *
   * @throws InterchangeException naming the layer that is none of Eddy's, or is set otherwise
   */
  static Network network(String text) {
    JsonNode model = parse(text);
    JsonNode layers = model.path("config").path("layers");
    if (!layers.isArray() || layers.isEmpty()) {
      throw new InterchangeException("the Keras configuration has no layers");
    }
    if (!model.path("class_name").asText().equals("Sequential")) {
      checkChain(layers);
    }
    List<LayerSpec> specs = new ArrayList<>();
    for (JsonNode layer : layers) {
      specs.addAll(specs(layer));
    }
    if (specs.isEmpty()) {
      throw new InterchangeException("the Keras model has no layer with weights");
    }
    int width = specs.get(0) instanceof Embedding ? 0 : width(layers.get(0));
    try {
      return Network.build(new Sequential(specs), new Shape(Map.of(Bundle.MAIN, width)));
    } catch (IllegalArgumentException e) {
      throw new InterchangeException("the layers do not fit together: " + e.getMessage(), e);
    }
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InterchangeException(
          "the Keras configuration is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static int width(JsonNode first) {
    JsonNode config = first.path("config");
    for (JsonNode shape :
        List.of(
            config.path("batch_shape"),
            config.path("batch_input_shape"),
            first.path("build_config").path("input_shape"))) {
      if (shape.isArray() && shape.size() == 3 && shape.get(2).isInt()) {
        return shape.get(2).intValue();
      }
    }
    throw new InterchangeException(
        "the Keras model's input should be [batch, time, width], with the width said");
  }

  /** A functional model whose layers each read the one before, and nothing else. */
  private static void checkChain(JsonNode layers) {
    Set<String> names = new HashSet<>();
    layers.forEach(layer -> names.add(name(layer)));
    String before = null;
    for (JsonNode layer : layers) {
      Set<String> read = new HashSet<>();
      mentioned(layer.path("inbound_nodes"), names, read);
      Set<String> expected = before == null ? Set.of() : Set.of(before);
      if (!read.equals(expected)) {
        throw new InterchangeException(
            "Keras layer '%s' reads %s: only chains of layers can be taken over"
                .formatted(name(layer), read));
      }
      before = name(layer);
    }
  }

  private static String name(JsonNode layer) {
    return layer.path("name").asText(layer.path("config").path("name").asText());
  }

  private static void mentioned(JsonNode node, Set<String> names, Set<String> found) {
    if (node.isTextual() && names.contains(node.textValue())) {
      found.add(node.textValue());
    }
    node.forEach(child -> mentioned(child, names, found));
  }

  private static List<LayerSpec> specs(JsonNode layer) {
    String kind = layer.path("class_name").asText();
    JsonNode config = layer.path("config");
    if (IDLE.contains(kind)) {
      return List.of();
    }
    return switch (kind) {
      case "LSTM", "GRU", "SimpleRNN" -> sequence(layer, cell(layer));
      case "Dense" -> List.of(new Dense(number(layer, "units"), activation(layer)));
      case "Bidirectional" -> List.of(bidirectional(layer));
      case "Embedding" -> List.of(embedding(layer));
      case "Activation" -> List.of(new ActivationLayer(activation(layer)));
      case "TimeDistributed" -> specs(config.path("layer"));
      default -> throw refused(layer, "Eddy takes no layer of this kind from Keras");
    };
  }

  private static List<LayerSpec> sequence(JsonNode layer, LayerSpec spec) {
    boolean whole = layer.path("config").path("return_sequences").asBoolean();
    return whole ? List.of(spec) : List.of(spec, new Pool(Pool.Mode.LAST));
  }

  private static LayerSpec cell(JsonNode layer) {
    JsonNode config = layer.path("config");
    if (config.path("go_backwards").asBoolean()) {
      throw refused(layer, "go_backwards");
    }
    if (config.path("return_state").asBoolean()) {
      throw refused(layer, "return_state");
    }
    int units = number(layer, "units");
    return switch (layer.path("class_name").asText()) {
      case "LSTM" -> {
        usual(layer);
        yield new Lstm(units);
      }
      case "GRU" -> {
        usual(layer);
        yield new Gru(units, config.path("reset_after").asBoolean(), Gru.Update.KEEP);
      }
      default -> new SimpleRnn(units, activation(layer));
    };
  }

  private static void usual(JsonNode layer) {
    String gates = layer.path("config").path("recurrent_activation").asText();
    if (activation(layer) != Activation.TANH || !gates.equals("sigmoid")) {
      throw refused(
          layer,
          "activation %s and recurrent_activation %s, Eddy has tanh and sigmoid"
              .formatted(layer.path("config").path("activation").asText(), gates));
    }
  }

  private static LayerSpec bidirectional(JsonNode layer) {
    JsonNode inner = layer.path("config").path("layer");
    if (!Set.of("LSTM", "GRU", "SimpleRNN").contains(inner.path("class_name").asText())) {
      throw refused(layer, "around " + inner.path("class_name").asText());
    }
    if (!inner.path("config").path("return_sequences").asBoolean()) {
      throw refused(
          layer,
          "return_sequences=False gives the last step of one way and the first of the other");
    }
    String mode = layer.path("config").path("merge_mode").asText();
    Bidirectional.Merge merge = MERGES.get(mode);
    if (merge == null) {
      throw refused(layer, "merge_mode %s, known are %s".formatted(mode, MERGES.keySet()));
    }
    return new Bidirectional(cell(inner), merge);
  }

  private static LayerSpec embedding(JsonNode layer) {
    if (layer.path("config").path("mask_zero").asBoolean()) {
      throw refused(
          layer,
          "mask_zero: Eddy is told which steps are real; save the model with mask_zero=False");
    }
    return Embedding.of(number(layer, "input_dim"), number(layer, "output_dim"));
  }

  private static Activation activation(JsonNode layer) {
    String name = layer.path("config").path("activation").asText("linear");
    Activation activation = ACTIVATIONS.get(name);
    if (activation == null) {
      throw refused(
          layer,
          "activation %s, known are %s"
              .formatted(name, ACTIVATIONS.keySet().stream().sorted().toList()));
    }
    return activation;
  }

  private static int number(JsonNode layer, String key) {
    JsonNode value = layer.path("config").path(key);
    if (!value.isInt()) {
      throw refused(layer, "%s should be a number, got %s".formatted(key, value));
    }
    return value.intValue();
  }

  private static InterchangeException refused(JsonNode layer, String why) {
    return new InterchangeException(
        "Keras layer '%s' (%s): %s".formatted(name(layer), layer.path("class_name").asText(), why));
  }
}
