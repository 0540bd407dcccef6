package dev.eddy.jobs.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The fields of a record's JSON value, read strictly and within bounds. All that any kind of value
 * may have; which must be there, the caller knows.
 */
final class RecordFields {
  static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxNameLength(256)
                  .maxNumberLength(32)
                  .maxStringLength(4 << 20)
                  .build())
          .build();

  private static final int MAX_ABOUT = 100;
  private static final int MAX_URI = 2_048;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  String name;
  long version;
  long swapEpoch;
  String sha256;
  long size;
  boolean retired;
  byte[] file;
  Location location;
  final List<Integer> previous = new ArrayList<>();
  final Map<String, String> about = new LinkedHashMap<>();

  private final boolean withFile;
  private long format;

  private RecordFields(boolean withFile) {
    this.withFile = withFile;
  }

  /**
   * The fields of a value.
   *
   * @param withFile whether the bytes of an inline model are wanted
   */
  static RecordFields read(byte[] value, boolean withFile) throws BadModelException {
    RecordFields fields = new RecordFields(withFile);
    try (JsonParser json = JSON.createParser(value)) {
      fields.read(json);
    } catch (IOException e) {
      throw new BadModelException("the value is no JSON of a model record: " + e.getMessage(), e);
    }
    return fields;
  }

  static void check(boolean fits, String otherwise) throws BadModelException {
    if (!fits) {
      throw new BadModelException(otherwise);
    }
  }

  /** A version's number, wherever it stands. */
  static int version(long number) throws BadModelException {
    check(
        number >= 1 && number <= ModelRecords.MAX_VERSION,
        "version is " + number + ", expected 1 to " + ModelRecords.MAX_VERSION);
    return (int) number;
  }

  static String hash(String text) throws BadModelException {
    check(text != null && SHA256.matcher(text).matches(), "sha256 is " + text);
    return text;
  }

  private void read(JsonParser json) throws IOException, BadModelException {
    check(json.nextToken() == JsonToken.START_OBJECT, "the value is no JSON object");
    // First, so that a newer format is recognised before its fields are taken for mistakes.
    check("format".equals(json.nextFieldName()), "the value does not begin with 'format'");
    format = json.nextLongValue(-1);
    check(
        format == 1 || format == 2,
        "the value has format " + format + ", this build of Eddy reads 1 and 2");
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      field(json, field);
    }
    check(
        json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null,
        "the value is damaged");
  }

  private void field(JsonParser json, String field) throws IOException, BadModelException {
    switch (field) {
      case "name" -> name = json.getText();
      case "version" -> version = json.getLongValue();
      case "swapEpoch" -> swapEpoch = json.getLongValue();
      case "sha256" -> sha256 = hash(json.getText());
      case "size" -> size = json.getLongValue();
      case "about" -> about(json);
      case "file" -> {
        file = withFile ? json.getBinaryValue() : null;
        place(new Location.Inline());
      }
      default -> fieldOfFormat2(json, field);
    }
  }

  private void fieldOfFormat2(JsonParser json, String field) throws IOException, BadModelException {
    check(
        format == 2 && List.of("chunks", "uri", "retired", "previous").contains(field),
        "the value has an unknown field '" + field + "'");
    switch (field) {
      case "chunks" -> place(new Location.Chunks(chunks(json)));
      case "uri" -> place(new Location.File(uri(json)));
      case "retired" -> retired = json.getBooleanValue();
      default -> previous(json);
    }
  }

  private void place(Location found) throws BadModelException {
    check(location == null, "the value says twice where the model's file is");
    location = found;
  }

  private void about(JsonParser json) throws IOException, BadModelException {
    check(json.currentToken() == JsonToken.START_OBJECT, "'about' is no JSON object");
    for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
      check(json.nextToken() == JsonToken.VALUE_STRING, "'about." + key + "' is no text");
      check(about.size() < MAX_ABOUT, "'about' has more than " + MAX_ABOUT + " entries");
      about.put(key, json.getText());
    }
  }

  private static List<String> chunks(JsonParser json) throws IOException, BadModelException {
    List<String> hashes = new ArrayList<>();
    check(json.currentToken() == JsonToken.START_ARRAY, "'chunks' is no list");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      check(hashes.size() < ModelRecords.MAX_CHUNKS, "'chunks' has too many entries");
      check(json.currentToken() == JsonToken.VALUE_STRING, "'chunks' holds what is no hash");
      hashes.add(hash(json.getText()));
    }
    check(!hashes.isEmpty(), "'chunks' is empty");
    return hashes;
  }

  private static String uri(JsonParser json) throws IOException, BadModelException {
    check(json.currentToken() == JsonToken.VALUE_STRING, "'uri' is no text");
    String uri = json.getText();
    check(uri.length() <= MAX_URI, "'uri' has more than " + MAX_URI + " characters");
    return uri;
  }

  private void previous(JsonParser json) throws IOException, BadModelException {
    check(json.currentToken() == JsonToken.START_ARRAY, "'previous' is no list");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      check(previous.size() < ModelRecords.MAX_PREVIOUS, "'previous' has too many entries");
      previous.add(version(json.getLongValue()));
    }
  }
}
