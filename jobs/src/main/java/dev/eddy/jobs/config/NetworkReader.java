package dev.eddy.jobs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code network: [{lstm: {units: 64}}, ...]} by the layer kinds of model-core. A layer's
 * first parameter may stand alone: {@code {dropout: 0.1}} is {@code {dropout: {rate: 0.1}}}.
 */
final class NetworkReader {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Problems problems;
  private final ObjectMapper mapper = LayerKinds.mapper();
  private final ParameterReader parameters;

  NetworkReader(Problems problems) {
    this.problems = problems;
    this.parameters = new ParameterReader(problems, this);
  }

  /** The layers, first one first; the default network where the node is null. */
  List<LayerSpec> read(JsonNode node) {
    if (node == null) {
      return List.of(new Lstm(64));
    }
    List<LayerSpec> layers = new ArrayList<>();
    if (!node.isArray()) {
      problems.error(
          "network", ParameterReader.found(node, "a list of layers such as [{lstm: {units: 64}}]"));
      return layers;
    }
    for (int i = 0; i < node.size(); i++) {
      JsonNode layer = checked("network[%d]".formatted(i), node.get(i));
      if (layer != null) {
        layers.add(built(layer));
      }
    }
    return List.copyOf(layers);
  }

  /**
   * One layer with all layers inside it, every parameter under its name: what model-core reads.
   * Null where it is none, which was noted.
   */
  JsonNode checked(String path, JsonNode node) {
    if (!node.isObject() || node.size() != 1) {
      String found = node.isObject() ? "a mapping of %d keys".formatted(node.size()) : null;
      String expected = "one layer such as {lstm: {units: 64}}";
      problems.error(
          path,
          found == null
              ? ParameterReader.found(node, expected)
              : "found %s, expected %s".formatted(found, expected));
      return null;
    }
    String kind = node.fieldNames().next();
    Class<? extends LayerSpec> type = LayerKinds.all().get(kind);
    if (type == null) {
      problems.error(
          path, Suggestion.unknown("layer '" + kind + "'", kind, LayerKinds.all().keySet()));
      return null;
    }
    int before = problems.errors().size();
    ObjectNode layer = NODES.objectNode();
    layer.set(kind, withParameters(path + "." + kind, node.get(kind), type.getRecordComponents()));
    if (problems.errors().size() == before) {
      tryToBuild(path + "." + kind, kind, layer);
    }
    return problems.errors().size() == before ? layer : null;
  }

  private ObjectNode withParameters(String path, JsonNode given, RecordComponent[] known) {
    ObjectNode byName = NODES.objectNode();
    if (given.isObject()) {
      byName.setAll((ObjectNode) given);
    } else if (!ParameterReader.isNothing(given)) {
      byName.set(known[0].getName(), given);
    }
    List<String> names = Arrays.stream(known).map(RecordComponent::getName).toList();
    for (Map.Entry<String, JsonNode> entry : byName.properties()) {
      if (!names.contains(entry.getKey())) {
        problems.error(
            path + "." + entry.getKey(), Suggestion.unknown("key", entry.getKey(), names));
      }
    }
    ObjectNode checked = NODES.objectNode();
    for (RecordComponent parameter : known) {
      String name = parameter.getName();
      JsonNode value = parameters.checked(path + "." + name, parameter, byName.get(name));
      if (value != null) {
        checked.set(name, value);
      }
    }
    return checked;
  }

  /** A layer checks its numbers itself. */
  private void tryToBuild(String path, String kind, JsonNode layer) {
    try {
      mapper.treeToValue(layer, LayerSpec.class);
    } catch (JsonProcessingException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      String message =
          root instanceof JsonProcessingException json
              ? json.getOriginalMessage()
              : root.getMessage();
      String told = kind + ": ";
      problems.error(path, message.startsWith(told) ? message.substring(told.length()) : message);
    }
  }

  private LayerSpec built(JsonNode layer) {
    try {
      return mapper.treeToValue(layer, LayerSpec.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError("it was built before", e);
    }
  }
}
