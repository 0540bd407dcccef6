package dev.eddy.jobs.registry;

import static dev.eddy.jobs.registry.RecordFields.check;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of records on the models topic: keys {@code model/<name>/<version>}, {@code
 * model/<name>/<version>/chunk/<i>} and {@code live/<name>}. Values are JSON, but a chunk's, which
 * is a piece of a model file as it is. Reading is bounded and strict: an unknown field, a value out
 * of range or a newer format is refused, because a wrong swap is worse than none.
 *
 * <p>Format 1 is a manifest with the model inline. Builds that know no other refuse format 2 and
 * keep what they have: manifests of chunks and files, retired numbers, and pointers, which say
 * since then what they point to by its hash and which versions were live before.
 */
public final class ModelRecords {
  /**
   * Largest model file inline, bytes: in base64 beside its manifest it stays below Kafka's default
   * limit of 1 MiB for a record, so that no broker needs to be set up for Eddy.
   */
  public static final int MAX_INLINE_BYTES = 700_000;

  /** Largest model file in chunks, bytes. Whoever looks at the topic reads past all of them. */
  public static final int MAX_CHUNKED_BYTES = 64 << 20;

  /** Largest model file of all, bytes: what is read by URI. */
  public static final int MAX_STORED_BYTES = 1 << 30;

  /** Bytes of all chunks but the last; below Kafka's default limit for a record. */
  static final int CHUNK_BYTES = 768 << 10;

  /** More chunks than this have no manifest. */
  static final int MAX_CHUNKS = MAX_CHUNKED_BYTES / CHUNK_BYTES + 1;

  /** Versions that a pointer remembers to roll back to. */
  static final int MAX_PREVIOUS = 16;

  static final int MAX_VERSION = 999_999_999;

  /** Largest value of a record that is written; leaves room for its key and Kafka's own bytes. */
  private static final int MAX_VALUE_BYTES = 1_000_000;

  private static final String NAMES = "[A-Za-z0-9._-]{1,100}";
  private static final String VERSIONS = "[1-9][0-9]{0,8}";
  private static final Pattern NAME = Pattern.compile(NAMES);
  private static final Pattern KEY =
      Pattern.compile("(?:model/(" + NAMES + ")/(" + VERSIONS + "))|(?:live/(" + NAMES + "))");
  private static final Pattern CHUNK_KEY =
      Pattern.compile("model/" + NAMES + "/" + VERSIONS + "/chunk/[0-9]{1,4}");

  private ModelRecords() {}

  /** Key of a version's manifest. */
  static byte[] manifestKey(String name, int version) {
    return bytes("model/" + checkName(name) + "/" + version);
  }

  /** Key of a piece of a version's file, counted from 0. */
  static byte[] chunkKey(String name, int version, int index) {
    return bytes("model/" + checkName(name) + "/" + version + "/chunk/" + index);
  }

  /** Key of a pipeline's pointer. */
  static byte[] pointerKey(String name) {
    return bytes("live/" + checkName(name));
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  /** Nothing is written under a name that could be taken for something else. */
  private static String checkName(String name) {
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException(
          "'%s' cannot be the name of a model: letters, digits, '.', '_' and '-', at most 100"
              .formatted(name));
    }
    return name;
  }

  /**
   * Value of a version's manifest.
   *
   * @param file the model file where the manifest has it inline, else not looked at; its hash and
   *     size must be the manifest's
   * @throws IllegalArgumentException if no reader would accept it: too many or too long entries
   */
  static byte[] manifest(Manifest manifest, byte[] file) {
    Location location = manifest.location();
    byte[] value =
        write(
            location instanceof Location.Inline ? 1 : 2,
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
              write(location, file, json);
            });
    return readable(manifest, value);
  }

  private static void write(Location location, byte[] file, JsonGenerator json) throws IOException {
    if (location instanceof Location.Chunks chunks) {
      json.writeArrayFieldStart("chunks");
      for (String hash : chunks.sha256()) {
        json.writeString(hash);
      }
      json.writeEndArray();
    } else if (location instanceof Location.File stored) {
      json.writeStringField("uri", stored.uri());
    } else {
      json.writeBinaryField("file", file);
    }
  }

  private static byte[] readable(Manifest manifest, byte[] value) {
    String who = "version " + manifest.version() + " of " + manifest.name();
    if (value.length > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "the manifest of %s would have %d bytes, at most %d fit into a record; shorten its provenance"
              .formatted(who, value.length, MAX_VALUE_BYTES));
    }
    try {
      decodeManifest(manifestKey(manifest.name(), manifest.version()), value);
    } catch (BadModelException e) {
      throw new IllegalArgumentException(
          "the manifest of " + who + " could not be read again: " + e.getMessage(), e);
    }
    return value;
  }

  /** What stays of a retired version, so that its number is never given again. */
  static byte[] retired(String name, int version) {
    return write(
        2,
        json -> {
          json.writeStringField("name", name);
          json.writeNumberField("version", version);
          json.writeBooleanField("retired", true);
        });
  }

  /** Value of a pipeline's pointer. */
  static byte[] pointer(ModelRecord.Pointed pointed) {
    return write(
        2,
        json -> {
          json.writeNumberField("version", pointed.version());
          json.writeNumberField("swapEpoch", pointed.swapEpoch());
          json.writeStringField("sha256", pointed.sha256());
          json.writeArrayFieldStart("previous");
          for (int version : pointed.previous()) {
            json.writeNumber(version);
          }
          json.writeEndArray();
        });
  }

  /** Hex of the SHA-256 of a model file. */
  public static String sha256(byte[] file) {
    return sha256(file, 0, file.length);
  }

  /** Hex of the SHA-256 of a stretch. */
  static String sha256(byte[] bytes, int from, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, from, length);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Whether a record is a piece of a model file, which says nothing by itself. */
  static boolean isChunk(byte[] key) {
    return key != null && key.length <= 256 && CHUNK_KEY.matcher(text(key)).matches();
  }

  /**
   * What a record of the topic says. The bytes of a model are not looked at.
   *
   * @param key the record's key, may be null; no chunk's
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
      // What builds that knew format 1 alone retired with.
      return new ModelRecord.Retired(name, version);
    }
    RecordFields fields = fields(key, value);
    if (fields.retired) {
      return new ModelRecord.Retired(name, version);
    }
    Manifest manifest = manifest(fields);
    return new ModelRecord.Published(
        new ModelRef(name, version, 0, manifest.sha256(), manifest.size(), partition, offset));
  }

  /** The manifest in a record's value, without the model's bytes. */
  public static Manifest decodeManifest(byte[] key, byte[] value) throws BadModelException {
    return manifest(fields(key, value));
  }

  private static Manifest manifest(RecordFields fields) throws BadModelException {
    check(!fields.retired, "the version is retired");
    RecordFields.hash(fields.sha256);
    check(fields.location != null, "the manifest says nowhere where the model's file is");
    int max = max(fields.location);
    check(
        fields.size >= 1 && fields.size <= max,
        "size is " + fields.size + ", expected 1 to " + max);
    return new Manifest(
        fields.name,
        (int) fields.version,
        fields.sha256,
        (int) fields.size,
        fields.location,
        fields.about);
  }

  private static int max(Location location) {
    if (location instanceof Location.Inline) {
      return MAX_INLINE_BYTES;
    }
    return location instanceof Location.Chunks ? MAX_CHUNKED_BYTES : MAX_STORED_BYTES;
  }

  /**
   * The model file that is inline in a manifest's value, as it is there: hash and size are for the
   * caller to check.
   */
  static byte[] decodeFile(byte[] value) throws BadModelException {
    byte[] file = RecordFields.read(value, true).file;
    check(file != null, "the manifest has no field 'file'");
    return file;
  }

  /** The fields of a manifest's record, its key being that of the same version. */
  private static RecordFields fields(byte[] key, byte[] value) throws BadModelException {
    RecordFields fields = RecordFields.read(value, false);
    Matcher matcher = key(key);
    check(matcher.group(1) != null, "its key is that of a pointer");
    check(
        matcher.group(1).equals(fields.name),
        "key says pipeline " + matcher.group(1) + ", value " + fields.name);
    check(
        Integer.parseInt(matcher.group(2)) == fields.version,
        "key says version " + matcher.group(2) + ", value " + fields.version);
    return fields;
  }

  private static ModelRecord decodePointer(String name, byte[] value) throws BadModelException {
    check(
        value != null,
        "the live pointer of " + name + " is deleted; the models' swap epochs would start again");
    RecordFields fields = RecordFields.read(value, false);
    int version = RecordFields.version(fields.version);
    check(fields.swapEpoch >= 1, "swapEpoch is " + fields.swapEpoch + ", expected 1 or more");
    String sha256 = fields.sha256 == null ? "" : fields.sha256;
    return new ModelRecord.Pointed(name, version, fields.swapEpoch, sha256, fields.previous);
  }

  private static Matcher key(byte[] key) throws BadModelException {
    check(key != null && key.length <= 256, "the key is missing or too long");
    Matcher matcher = KEY.matcher(text(key));
    check(matcher.matches(), "the key is neither model/<name>/<version> nor live/<name>");
    return matcher;
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] write(int format, Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = RecordFields.JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("format", format);
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot happen: written to memory", e);
    }
    return bytes.toByteArray();
  }
}
