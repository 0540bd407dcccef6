package dev.eddy.jobs.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.eddy.model.layer.LayerSpec;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;

/** Sees whether a value can be a layer's parameter, by the type of the record's component. */
final class ParameterReader {
  private final Problems problems;
  private final NetworkReader layers;

  ParameterReader(Problems problems, NetworkReader layers) {
    this.problems = problems;
    this.layers = layers;
  }

  /**
   * The value as model-core reads it; null where there is none, or a wrong one, which was noted.
   */
  JsonNode checked(String path, RecordComponent parameter, JsonNode value) {
    if (value == null || isNothing(value)) {
      if (isRequired(parameter)) {
        problems.error(path, "missing; it is required");
      }
      return null;
    }
    return parameter.getType() == List.class
        ? list(path, parameter, value)
        : checked(path, parameter.getType(), value);
  }

  /** A key without a value, which YAML reads as empty text. */
  static boolean isNothing(JsonNode value) {
    return value.isNull() || value.isTextual() && value.asText().isEmpty();
  }

  /** What a layer leaves out when it is written may be left out when it is read. */
  private static boolean isRequired(RecordComponent parameter) {
    return parameter.getType().isPrimitive()
        && !parameter.getAccessor().isAnnotationPresent(JsonInclude.class);
  }

  private JsonNode list(String path, RecordComponent parameter, JsonNode value) {
    Type element = ((ParameterizedType) parameter.getGenericType()).getActualTypeArguments()[0];
    if (!value.isArray()) {
      problems.error(
          path,
          found(
              value, element == LayerSpec.class ? "a list of layers" : "a list of whole numbers"));
      return null;
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < value.size(); i++) {
      JsonNode checked = checked("%s[%d]".formatted(path, i), (Class<?>) element, value.get(i));
      if (checked != null) {
        list.add(checked);
      }
    }
    return list;
  }

  private JsonNode checked(String path, Class<?> type, JsonNode value) {
    if (type == LayerSpec.class) {
      return layers.checked(path, value);
    }
    if (type.isEnum()) {
      return word(path, type, value);
    }
    String expected = expected(type, value);
    if (expected != null) {
      problems.error(path, found(value, expected));
      return null;
    }
    return value;
  }

  /** What the value should be; null where it is that. */
  private static String expected(Class<?> type, JsonNode value) {
    if (type == int.class || type == Integer.class) {
      boolean whole = value.isIntegralNumber();
      return whole && value.canConvertToInt()
          ? null
          : whole ? "a whole number below " + (1L << 31) : "a whole number";
    }
    if (type == float.class || type == Float.class) {
      return value.isNumber() ? null : "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return value.isBoolean() ? null : "true or false";
    }
    return value.isValueNode() ? null : "one value";
  }

  private JsonNode word(String path, Class<?> type, JsonNode value) {
    List<String> words =
        Arrays.stream(type.getFields())
            .filter(Field::isEnumConstant)
            .map(constant -> constant.getAnnotation(JsonProperty.class).value())
            .toList();
    if (value.isTextual() && words.contains(value.asText())) {
      return value;
    }
    String near =
        Suggestion.nearest(value.asText(), words)
            .map(word -> "; did you mean '" + word + "'?")
            .orElse("");
    problems.error(path, found(value, "one of " + String.join(", ", words)) + near);
    return null;
  }

  static String found(JsonNode value, String expected) {
    return "found %s, expected %s".formatted(Section.describe(value), expected);
  }
}
