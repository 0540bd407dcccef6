package dev.eddy.jobs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reads {@code network: [{lstm: {units: 64}}, ...]} by the layer kinds of model-core. */
final class NetworkReader {
  private static final String DEFAULT = "[{\"lstm\": {\"units\": 64}}]";

  private final Problems problems;
  private ObjectMapper mapper;

  NetworkReader(Problems problems) {
    this.problems = problems;
  }

  /** The layers, first one first; the default network where the node is null. */
  List<LayerSpec> read(JsonNode node) {
    List<LayerSpec> layers = new ArrayList<>();
    if (node != null && node.isEmpty() && node.isArray()) {
      return layers;
    }
    if (node != null && !node.isArray()) {
      problems.error(
          "network",
          "found %s, expected a list of layers such as [{lstm: {units: 64}}]"
              .formatted(Section.describe(node)));
      return layers;
    }
    mapper = mapper();
    JsonNode list = node == null ? parse(DEFAULT) : node;
    for (int i = 0; i < list.size(); i++) {
      layer("network[%d]".formatted(i), list.get(i), layers);
    }
    return List.copyOf(layers);
  }

  private static ObjectMapper mapper() {
    return LayerKinds.register(
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build());
  }

  private void layer(String path, JsonNode node, List<LayerSpec> layers) {
    try {
      if (!node.isObject() || node.size() != 1) {
        problems.error(
            path,
            "found %s, expected one layer such as {lstm: {units: 64}}"
                .formatted(
                    node.isObject()
                        ? "a mapping of " + node.size() + " keys"
                        : Section.describe(node)));
        return;
      }
      String kind = node.fieldNames().next();
      Class<? extends LayerSpec> type = LayerKinds.all().get(kind);
      if (type == null) {
        problems.error(
            path, Suggestion.unknown("layer '" + kind + "'", kind, LayerKinds.all().keySet()));
      } else if (keysAreKnown(path + "." + kind, node.get(kind), type)) {
        layers.add(mapper.treeToValue(node, LayerSpec.class));
      }
    } catch (ValueInstantiationException e) {
      problems.error(at(path, node, e.getPath()), rootMessage(e));
    } catch (MismatchedInputException e) {
      problems.error(at(path, node, e.getPath()), mismatch(node, e));
    } catch (JsonProcessingException e) {
      problems.error(path, rootMessage(e));
    }
  }

  private boolean keysAreKnown(String path, JsonNode node, Class<? extends LayerSpec> type) {
    List<String> known =
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    boolean good = true;
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!known.contains(entry.getKey())) {
        problems.error(
            path + "." + entry.getKey(), Suggestion.unknown("key", entry.getKey(), known));
        good = false;
      }
    }
    return good;
  }

  /** network[0] + the kind + the path inside the layer. */
  private static String at(
      String path, JsonNode node, List<JsonMappingException.Reference> inside) {
    StringBuilder at = new StringBuilder(path).append('.').append(node.fieldNames().next());
    for (JsonMappingException.Reference step : inside) {
      if (step.getFieldName() == null) {
        at.append('[').append(step.getIndex()).append(']');
      } else {
        at.append('.').append(step.getFieldName());
      }
    }
    return at.toString();
  }

  private static String mismatch(JsonNode node, MismatchedInputException e) {
    List<JsonMappingException.Reference> path = e.getPath();
    if (path.isEmpty() || path.get(path.size() - 1).getFieldName() == null) {
      return "expected a mapping of this layer's parameters";
    }
    JsonNode found = node.findValue(path.get(path.size() - 1).getFieldName());
    if (found == null) {
      return "missing; it is required";
    }
    Class<?> type = e.getTargetType();
    String expected =
        type == int.class || type == long.class
            ? "a whole number"
            : type == float.class || type == double.class
                ? "a number"
                : type == boolean.class ? "true or false" : "another kind of value";
    return "found %s, expected %s".formatted(Section.describe(found), expected);
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : root.getMessage();
  }

  private JsonNode parse(String json) {
    try {
      return mapper.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("the default network is valid JSON", e);
    }
  }
}
