package dev.eddy.model.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eddy.model.model.ModelFileException.Kind;
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
  /** The version written; the only one read so far. */
  static final int CURRENT = 1;

  static final String METADATA = Safetensors.METADATA;
  static final String FORMAT = "format";
  static final String EDDY = "eddy";
  static final String FORMAT_VERSION = "eddy.format-version";
  static final String IMAGE = "eddy.image";
  static final String INPUT = "eddy.input";
  static final String NAME = "eddy.name";
  static final String NETWORK = "eddy.network";
  static final String PROVENANCE = "eddy.provenance";
  static final String TASK = "eddy.task";

  /** The header of these bytes. */
  static ModelHeader read(byte[] bytes) {
    JsonNode json = Safetensors.header(bytes);
    int dataAt = Long.BYTES + (int) Safetensors.headerLength(bytes);
    ModelHeader header = new ModelHeader(json, dataAt, bytes.length - dataAt);
    if (!EDDY.equals(header.metadata().path(FORMAT).textValue())) {
      throw new ModelFileException(
          Kind.NOT_A_MODEL,
          "a safetensors file, but not one of Eddy: its metadata lacks format: eddy");
    }
    return header;
  }

  private JsonNode metadata() {
    return json.path(METADATA);
  }

  boolean has(String key) {
    return metadata().has(key);
  }

  /** A metadata string; a missing one is corrupt. */
  String text(String key) {
    String value = metadata().path(key).textValue();
    if (value == null) {
      throw corrupt("the metadata lacks '%s'".formatted(key));
    }
    return value;
  }

  /** Fails unless this code reads the file's version. */
  void checkVersion() {
    int version = version();
    if (version < CURRENT) {
      throw new ModelFileException(
          Kind.TOO_OLD,
          "model file of format version %d, this code reads %d: train again"
              .formatted(version, CURRENT));
    }
    if (version > CURRENT) {
      throw new ModelFileException(
          Kind.TOO_NEW,
          "model file of format version %d, this code reads %d: upgrade"
              .formatted(version, CURRENT));
    }
  }

  private int version() {
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
    JsonNode json = Safetensors.parse(PROVENANCE, text(PROVENANCE));
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
