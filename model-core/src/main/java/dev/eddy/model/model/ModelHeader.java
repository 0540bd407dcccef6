package dev.eddy.model.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.model.model.ModelFileException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/**
 * The header of a model file, parsed but not yet believed.
 *
 * @param json the safetensors header
 * @param dataAt where the weights begin in the file
 * @param dataLength how many bytes they take
 */
record ModelHeader(JsonNode json, int dataAt, int dataLength) {
  static final String METADATA = "__metadata__";
  static final String FORMAT = "format";
  static final String EDDY = "eddy";
  static final String FORMAT_VERSION = "eddy.format-version";
  static final String NAME = "eddy.name";
  static final String NETWORK = "eddy.network";
  static final String PROVENANCE = "eddy.provenance";
  static final String TASK = "eddy.task";

  /** A header is a few kilobytes; one beyond this is no header. */
  static final int MAX_HEADER = 1 << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(100).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** The header of these bytes. */
  static ModelHeader read(byte[] bytes) {
    if (bytes.length < Long.BYTES + 2) {
      throw new ModelFileException(
          Kind.NOT_A_MODEL, "not a model: %d bytes, too few for a header".formatted(bytes.length));
    }
    long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (bytes[Long.BYTES] != '{' || length < 2 || length > MAX_HEADER) {
      throw new ModelFileException(
          Kind.NOT_A_MODEL,
          "not a model: it does not begin with a safetensors header of at most %d bytes"
              .formatted(MAX_HEADER));
    }
    if (length > bytes.length - Long.BYTES) {
      throw corrupt(
          "the header should take %d bytes, the file has only %d more: cut short"
              .formatted(length, bytes.length - Long.BYTES));
    }
    int dataAt = Long.BYTES + (int) length;
    ModelHeader header = new ModelHeader(parse(bytes, (int) length), dataAt, bytes.length - dataAt);
    if (!EDDY.equals(header.metadata().path(FORMAT).textValue())) {
      throw new ModelFileException(
          Kind.NOT_A_MODEL,
          "a safetensors file, but not one of Eddy: its metadata lacks format: eddy");
    }
    return header;
  }

  private static JsonNode parse(byte[] bytes, int length) {
    try {
      JsonNode json = JSON.readTree(bytes, Long.BYTES, length);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (IOException e) {
      throw corrupt("the header is not JSON: " + firstLine(e.getMessage()));
    }
    throw corrupt("the header is not a JSON object");
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  private JsonNode metadata() {
    return json.path(METADATA);
  }

  /** A metadata string; a missing one is corrupt. */
  String text(String key) {
    String value = metadata().path(key).textValue();
    if (value == null) {
      throw corrupt("the metadata lacks '%s'".formatted(key));
    }
    return value;
  }

  int version() {
    String text = text(FORMAT_VERSION);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw corrupt("%s should be a number, got '%s'".formatted(FORMAT_VERSION, text));
    }
  }

  String name() {
    return text(NAME);
  }

  Map<String, String> provenance() {
    Map<String, String> provenance = new TreeMap<>();
    JsonNode json;
    try {
      json = JSON.readTree(text(PROVENANCE));
    } catch (IOException e) {
      throw corrupt("%s is not JSON: %s".formatted(PROVENANCE, firstLine(e.getMessage())));
    }
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (!field.getValue().isTextual()) {
        throw corrupt("%s: '%s' is not a string".formatted(PROVENANCE, field.getKey()));
      }
      provenance.put(field.getKey(), field.getValue().textValue());
    }
    return provenance;
  }

  static ModelFileException corrupt(String what) {
    return new ModelFileException(Kind.CORRUPT, "corrupt model file: " + what);
  }
}
