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
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Any safetensors file, whoever wrote it: named tensors and strings about them. The format: 8 bytes
 * with the length of a JSON header, the header, the data of the tensors one behind the other
 * (github.com/huggingface/safetensors).
 *
 * <p>Input is not trusted: the header is bounded, and every tensor's place is checked against its
 * shape and the bytes at hand before any memory is taken.
 */
public final class Safetensors {
  /** A header is a few kilobytes; one beyond this is no header. */
  static final int MAX_HEADER = 1 << 20;

  static final String METADATA = "__metadata__";

  /** Dimensions of a tensor. */
  private static final int MAX_RANK = 8;

  /** Bytes that one element takes. */
  private static final Map<String, Integer> WIDTHS =
      Map.ofEntries(
          Map.entry("F64", 8),
          Map.entry("F32", 4),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("I64", 8),
          Map.entry("U64", 8),
          Map.entry("I32", 4),
          Map.entry("U32", 4),
          Map.entry("I16", 2),
          Map.entry("U16", 2),
          Map.entry("I8", 1),
          Map.entry("U8", 1),
          Map.entry("BOOL", 1));

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(100).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final byte[] bytes;
  private final Map<String, String> metadata;
  private final Map<String, Entry> entries;

  private Safetensors(byte[] bytes, Map<String, String> metadata, Map<String, Entry> entries) {
    this.bytes = bytes;
    this.metadata = Collections.unmodifiableMap(metadata);
    this.entries = Collections.unmodifiableMap(entries);
  }

  /**
   * One tensor of the table.
   *
   * @param dtype type of an element, as safetensors spells it: {@code F32}, {@code BF16}, ...
   * @param shape sizes of the dimensions; none for a single number
   * @param at where its data begins in the file
   * @param count elements
   */
  public record Entry(String dtype, List<Integer> shape, int at, int count) {}

  /** The header of these bytes: a JSON object. */
  static JsonNode header(byte[] bytes) {
    if (bytes.length < Long.BYTES + 2) {
      throw new ModelFileException(
          Kind.NOT_A_MODEL, "not a model: %d bytes, too few for a header".formatted(bytes.length));
    }
    long length = headerLength(bytes);
    if (bytes[Long.BYTES] != '{' || length < 2 || length > MAX_HEADER) {
      throw new ModelFileException(
          Kind.NOT_A_MODEL,
          "not a model: it does not begin with a safetensors header of at most %d bytes"
              .formatted(MAX_HEADER));
    }
    if (length > bytes.length - Long.BYTES) {
      throw ModelHeader.corrupt(
          "the header should take %d bytes, the file has only %d more: cut short"
              .formatted(length, bytes.length - Long.BYTES));
    }
    return object(bytes, (int) length);
  }

  static long headerLength(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static JsonNode object(byte[] bytes, int length) {
    try {
      JsonNode json = JSON.readTree(bytes, Long.BYTES, length);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (IOException e) {
      throw ModelHeader.corrupt("the header is not JSON: " + firstLine(e.getMessage()));
    }
    throw ModelHeader.corrupt("the header is not a JSON object");
  }

  /** JSON inside a string of the metadata. */
  static JsonNode parse(String key, String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw ModelHeader.corrupt("%s is not JSON: %s".formatted(key, firstLine(e.getMessage())));
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  /**
   * The table of this file.
   *
   * @param bytes the whole file; kept. Not modified
   * @throws ModelFileException if it is no safetensors file, or damaged
   */
  public static Safetensors read(byte[] bytes) {
    JsonNode header = header(bytes);
    int dataAt = Long.BYTES + (int) headerLength(bytes);
    Map<String, String> metadata = new TreeMap<>();
    Map<String, Entry> entries = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (field.getKey().equals(METADATA)) {
        field.getValue().properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
      } else {
        entries.put(field.getKey(), entry(field.getKey(), field.getValue(), dataAt, bytes.length));
      }
    }
    checkPlaces(entries, dataAt, bytes.length);
    return new Safetensors(bytes, metadata, entries);
  }

  private static Entry entry(String name, JsonNode tensor, int dataAt, int fileLength) {
    String dtype = tensor.path("dtype").asText();
    Integer width = WIDTHS.get(dtype);
    if (width == null) {
      throw ModelHeader.corrupt(
          "tensor '%s' is of type '%s', known are %s"
              .formatted(name, dtype, WIDTHS.keySet().stream().sorted().toList()));
    }
    JsonNode sizes = tensor.path("shape");
    if (!sizes.isArray() || sizes.size() > MAX_RANK) {
      throw ModelHeader.corrupt(
          "tensor '%s' should have a shape of at most %d sizes".formatted(name, MAX_RANK));
    }
    List<Integer> shape = new ArrayList<>();
    long count = 1;
    for (JsonNode size : sizes) {
      if (!size.canConvertToInt() || !size.isIntegralNumber() || size.intValue() < 0) {
        throw ModelHeader.corrupt("tensor '%s' has the shape %s".formatted(name, sizes));
      }
      shape.add(size.intValue());
      // Both factors are below 2^31, and a product beyond the file ends the loop.
      count *= size.intValue();
      if (count > fileLength) {
        throw ModelHeader.corrupt("tensor '%s' %s is larger than the file".formatted(name, sizes));
      }
    }
    JsonNode offsets = tensor.path("data_offsets");
    long begin = offsets.path(0).asLong(-1);
    long end = offsets.path(1).asLong(-1);
    long dataLength = fileLength - (long) dataAt;
    if (begin < 0 || end < begin || end > dataLength || end - begin != count * width) {
      throw ModelHeader.corrupt(
          "tensor '%s' %s %s lies at %s of %d bytes of data: cut short, or damaged"
              .formatted(name, dtype, sizes, offsets, dataLength));
    }
    return new Entry(dtype, List.copyOf(shape), dataAt + (int) begin, (int) count);
  }

  /** Tensors lie one behind the other and fill the data: nothing overlaps, nothing is hidden. */
  private static void checkPlaces(Map<String, Entry> entries, int dataAt, int fileLength) {
    List<Entry> inOrder = new ArrayList<>(entries.values());
    inOrder.sort(Comparator.comparingInt(Entry::at).thenComparingInt(Entry::count));
    int at = dataAt;
    for (Entry entry : inOrder) {
      if (entry.at() != at) {
        throw ModelHeader.corrupt("tensors overlap or leave holes at byte " + (at - dataAt));
      }
      at += entry.count() * WIDTHS.get(entry.dtype());
    }
    if (at != fileLength) {
      throw ModelHeader.corrupt("%d bytes behind the last tensor".formatted(fileLength - at));
    }
  }

  /** Strings about the file, by key. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The table, by name. */
  public Map<String, Entry> entries() {
    return entries;
  }

  /**
   * A tensor's values as float32, row-major: {@code F32} as they are, {@code F16} and {@code BF16}
   * widened (exact), {@code F64} rounded to the nearest.
   *
   * @throws ModelFileException if there is no such tensor, it holds no floating-point numbers, or
   *     one of them is not finite as a float32
   */
  public float[] floats(String name) {
    Entry entry = entry(name);
    ByteBuffer data = data(entry);
    float[] values = new float[entry.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (entry.dtype()) {
            case "F32" -> data.getFloat();
            case "F64" -> (float) data.getDouble();
            case "F16" -> half(data.getShort());
            case "BF16" -> Float.intBitsToFloat(data.getShort() << 16);
            default ->
                throw ModelHeader.corrupt(
                    "tensor '%s' is of type %s, floating-point numbers are needed"
                        .formatted(name, entry.dtype()));
          };
    }
    int bad = ModelTensors.firstNotFinite(values);
    if (bad >= 0) {
      throw ModelHeader.corrupt(
          "tensor '%s': value %d is %s as a float32".formatted(name, bad, values[bad]));
    }
    return values;
  }

  /**
   * A tensor of ids, row-major.
   *
   * @throws ModelFileException if there is no such tensor, it is neither {@code I32} nor {@code
   *     I64}, or a value is beyond an int
   */
  public int[] ids(String name) {
    Entry entry = entry(name);
    ByteBuffer data = data(entry);
    int[] values = new int[entry.count()];
    for (int i = 0; i < values.length; i++) {
      long value =
          switch (entry.dtype()) {
            case "I32" -> data.getInt();
            case "I64" -> data.getLong();
            default ->
                throw ModelHeader.corrupt(
                    "tensor '%s' is of type %s, ids are I32 or I64".formatted(name, entry.dtype()));
          };
      if (value != (int) value) {
        throw ModelHeader.corrupt("tensor '%s': id %d is beyond an int".formatted(name, value));
      }
      values[i] = (int) value;
    }
    return values;
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw ModelHeader.corrupt("no tensor '%s', only %s".formatted(name, entries.keySet()));
    }
    return entry;
  }

  private ByteBuffer data(Entry entry) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(entry.at());
  }

  /** IEEE 754 binary16, widened exactly. */
  public static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      float value = fraction * 0x1p-24f;
      return sign == 0 ? value : -value;
    }
    int wide = exponent == 0x1f ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}
