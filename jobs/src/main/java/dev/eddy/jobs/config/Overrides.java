package dev.eddy.jobs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;

/**
 * Applies {@code path.to.key=value} overrides to the tree of a configuration. The value is read as
 * YAML ({@code [0.1, 0.5, 0.9]} is a list); an index counts list elements from 0 ({@code
 * network.0.lstm.units=32}); below {@code kafka.properties} the rest of the path is one key, dots
 * and all, and its value is plain text.
 */
final class Overrides {
  private static final String PROPERTIES = "kafka.properties.";

  private final ObjectMapper yaml;
  private final Problems problems;

  Overrides(ObjectMapper yaml, Problems problems) {
    this.yaml = yaml;
    this.problems = problems;
  }

  /** Applies all, in order. root: Modified. */
  void apply(ObjectNode root, List<String> overrides) {
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals <= 0) {
        // Not shown: it may be a secret whose key was forgotten.
        problems.error("-D", "an override without '=', expected -D path.to.key=value");
        continue;
      }
      apply(root, override.substring(0, equals).strip(), override.substring(equals + 1).strip());
    }
  }

  private void apply(ObjectNode root, String path, String text) {
    String[] steps = steps(path);
    JsonNode value = path.startsWith(PROPERTIES) ? new TextNode(text) : value(path, text);
    JsonNode at = root;
    for (int i = 0; i + 1 < steps.length && at != null; i++) {
      at = child(at, steps, i);
    }
    if (at instanceof ObjectNode object) {
      object.set(steps[steps.length - 1], value);
    } else if (!(at instanceof ArrayNode array)
        || !replace(array, steps[steps.length - 1], value)) {
      problems.error("-D " + path, "there is no such place in the configuration");
    }
  }

  private static String[] steps(String path) {
    if (path.startsWith(PROPERTIES)) {
      return new String[] {"kafka", "properties", path.substring(PROPERTIES.length())};
    }
    return path.split("\\.", -1);
  }

  private JsonNode value(String path, String text) {
    try {
      JsonNode value = yaml.readTree(text);
      return value == null || value.isMissingNode() ? new TextNode(text) : value;
    } catch (JsonProcessingException e) {
      problems.error("-D " + path, "the value is not valid YAML; quote it, or write it as text");
      return new TextNode("");
    }
  }

  /** The node one step down; a missing or empty one becomes a mapping. */
  private static JsonNode child(JsonNode at, String[] steps, int i) {
    if (at instanceof ArrayNode array) {
      int index = index(steps[i]);
      return index >= 0 && index < array.size() ? array.get(index) : null;
    }
    if (at instanceof ObjectNode object) {
      JsonNode next = object.get(steps[i]);
      return next == null || next.isNull() ? object.putObject(steps[i]) : next;
    }
    return null;
  }

  private static boolean replace(ArrayNode array, String step, JsonNode value) {
    int index = index(step);
    if (index < 0 || index >= array.size()) {
      return false;
    }
    array.set(index, value);
    return true;
  }

  private static int index(String step) {
    return step.matches("\\d{1,6}") ? Integer.parseInt(step) : -1;
  }
}
