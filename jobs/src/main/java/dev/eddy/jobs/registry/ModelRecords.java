package dev.eddy.jobs.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of records on the models topic, format 1: keys {@code model/<name>/<version>} and
 * {@code live/<name>}, values JSON, a missing value a tombstone. Reading is bounded and strict: an
 * unknown field, a value out of range or a newer format is refused, because a wrong swap is worse
 * than none.
 */
public final class ModelRecords {
  /**
   * Largest model file, bytes: inline in base64 beside its manifest it stays below Kafka's default
   * limit of 1 MiB for a record, so that no broker needs to be set up for Eddy.
   */
  public static final int MAX_MODEL_BYTES = 700_000;

  private static final int FORMAT = 1;
  private static final int MAX_ABOUT = 100;
  private static final Pattern KEY =
      Pattern.compile(
          "(?:model/([A-Za-z0-9._-]{1,100})/([1-9][0-9]{0,8}))|(?:live/([A-Za-z0-9._-]{1,100}))");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxNameLength(256)
                  .maxNumberLength(32)
                  .maxStringLength(4 << 20)
                  .build())
          .build();

  private ModelRecords() {}

  /** Key of a version's manifest. */
  public static byte[] manifestKey(String name, int version) {
    return ("model/" + name + "/" + version).getBytes(StandardCharsets.UTF_8);
  }

  /** Key of a pipeline's pointer. */
  public static byte[] pointerKey(String name) {
    return ("live/" + name).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Value of a version's manifest.
   *
   * @param file the model file; its hash and size must be the manifest's
   */
  public static byte[] manifest(Manifest manifest, byte[] file) {
    return write(
        json -> {
          json.writeStringField("name", manifest.name());
          json.writeNumberField("version", manifest.version());
          json.writeStringField("sha256", manifest.sha256());
          json.writeNumberField("size", manifest.size());
          json.writeObjectFieldStart("about");
          for (Map.Entry<String, String> entry : manifest.about().entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
          }
          json.writeEndObject();
          // Last, so that who wants to know about the model reads no further.
          json.writeBinaryField("file", file);
        });
  }

  /** Value of a pipeline's pointer. */
  public static byte[] pointer(int version, long swapEpoch) {
    return write(
        json -> {
          json.writeNumberField("version", version);
          json.writeNumberField("swapEpoch", swapEpoch);
        });
  }

  /** Hex of the SHA-256 of a model file. */
  public static String sha256(byte[] file) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /**
   * What a record of the topic says. The bytes of a model are not looked at.
   *
   * @param key the record's key, may be null
   * @param value the record's value; null is a tombstone
   * @param partition where it stands
   * @param offset where it stands
   * @throws BadModelException if it does not fit, saying why
   */
  public static ModelRecord decode(byte[] key, byte[] value, int partition, long offset)
      throws BadModelException {
    Matcher matcher = key(key);
    if (matcher.group(3) != null) {
      return decodePointer(matcher.group(3), value);
    }
    String name = matcher.group(1);
    int version = Integer.parseInt(matcher.group(2));
    if (value == null) {
      return new ModelRecord.Retired(name, version);
    }
    Manifest manifest = decodeManifest(key, value);
    return new ModelRecord.Published(
        new ModelRef(name, version, 0, manifest.sha256(), manifest.size(), partition, offset));
  }

  /** The manifest in a record's value, without the model's bytes. */
  public static Manifest decodeManifest(byte[] key, byte[] value) throws BadModelException {
    Fields fields = read(value, false);
    Matcher matcher = key(key);
    check(matcher.group(1) != null, "its key is that of a pointer");
    check(
        matcher.group(1).equals(fields.name),
        "key says pipeline " + matcher.group(1) + ", value " + fields.name);
    check(
        Integer.parseInt(matcher.group(2)) == fields.version,
        "key says version " + matcher.group(2) + ", value " + fields.version);
    check(
        fields.sha256 != null && SHA256.matcher(fields.sha256).matches(),
        "sha256 is " + fields.sha256);
    check(
        fields.size >= 1 && fields.size <= MAX_MODEL_BYTES,
        "size is " + fields.size + ", expected 1 to " + MAX_MODEL_BYTES);
    return new Manifest(
        fields.name, (int) fields.version, fields.sha256, (int) fields.size, fields.about);
  }

  /**
   * The model file in a manifest's value, as it is there: hash and size are for the caller to
   * check.
   */
  static byte[] decodeFile(byte[] value) throws BadModelException {
    byte[] file = read(value, true).file;
    check(file != null, "the manifest has no field 'file'");
    return file;
  }

  private static ModelRecord decodePointer(String name, byte[] value) throws BadModelException {
    check(
        value != null,
        "the live pointer of " + name + " is deleted; the models' swap epochs would start again");
    Fields fields = read(value, false);
    check(fields.version >= 1 && fields.version <= 999_999_999, "version is " + fields.version);
    check(fields.swapEpoch >= 1, "swapEpoch is " + fields.swapEpoch + ", expected 1 or more");
    return new ModelRecord.Pointed(name, (int) fields.version, fields.swapEpoch);
  }

  private static Matcher key(byte[] key) throws BadModelException {
    check(key != null && key.length <= 256, "the key is missing or too long");
    Matcher matcher = KEY.matcher(new String(key, StandardCharsets.UTF_8));
    check(matcher.matches(), "the key is neither model/<name>/<version> nor live/<name>");
    return matcher;
  }

  private static void check(boolean fits, String otherwise) throws BadModelException {
    if (!fits) {
      throw new BadModelException(otherwise);
    }
  }

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] write(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("format", FORMAT);
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot happen: written to memory", e);
    }
    return bytes.toByteArray();
  }

  /** All fields that either kind of value may have; which must be there, the caller knows. */
  private static final class Fields {
    private String name;
    private long version;
    private long swapEpoch;
    private String sha256;
    private long size;
    private final Map<String, String> about = new LinkedHashMap<>();
    private byte[] file;
  }

  private static Fields read(byte[] value, boolean withFile) throws BadModelException {
    Fields fields = new Fields();
    try (JsonParser json = JSON.createParser(value)) {
      check(json.nextToken() == JsonToken.START_OBJECT, "the value is no JSON object");
      // First, so that a newer format is recognised before its fields are taken for mistakes.
      check("format".equals(json.nextFieldName()), "the value does not begin with 'format'");
      long format = json.nextLongValue(-1);
      check(
          format == FORMAT,
          "the value has format " + format + ", this build of Eddy reads " + FORMAT);
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        field(json, name, fields, withFile);
      }
      check(
          json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null,
          "the value is damaged");
    } catch (IOException e) {
      throw new BadModelException("the value is no JSON of a model record: " + e.getMessage(), e);
    }
    return fields;
  }

  private static void field(JsonParser json, String name, Fields fields, boolean withFile)
      throws IOException, BadModelException {
    switch (name) {
      case "name" -> fields.name = json.getText();
      case "version" -> fields.version = json.getLongValue();
      case "swapEpoch" -> fields.swapEpoch = json.getLongValue();
      case "sha256" -> fields.sha256 = json.getText();
      case "size" -> fields.size = json.getLongValue();
      case "about" -> about(json, fields.about);
      case "file" -> fields.file = withFile ? json.getBinaryValue() : null;
      default -> throw new BadModelException("the value has an unknown field '" + name + "'");
    }
  }

  private static void about(JsonParser json, Map<String, String> about)
      throws IOException, BadModelException {
    check(json.currentToken() == JsonToken.START_OBJECT, "'about' is no JSON object");
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      check(json.nextToken() == JsonToken.VALUE_STRING, "'about." + name + "' is no text");
      check(about.size() < MAX_ABOUT, "'about' has more than " + MAX_ABOUT + " entries");
      about.put(name, json.getText());
    }
  }
}
