package dev.eddy.jobs.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What the writers and readers of output records share. Numbers are written so that parsing gives
 * the same bits back, and by an algorithm of Jackson's own: Float.toString writes other digits on
 * JDK 17 than on 25. NaN and the infinities, which JSON does not have, are written as null.
 */
final class OutputJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  private OutputJson() {}

  /** Writes the fields of an object. */
  interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  /** The bytes of an object. */
  static byte[] write(int sizeHint, Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(sizeHint);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot happen: written to memory", e);
    }
    return bytes.toByteArray();
  }

  static void number(JsonGenerator json, String field, float value) throws IOException {
    json.writeFieldName(field);
    if (Float.isNaN(value) || Float.isInfinite(value)) {
      json.writeNull();
    } else {
      json.writeNumber(value);
    }
  }

  static void number(JsonGenerator json, String field, double value) throws IOException {
    json.writeFieldName(field);
    number(json, value);
  }

  static void number(JsonGenerator json, double value) throws IOException {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      json.writeNull();
    } else {
      json.writeNumber(value);
    }
  }

  static void position(JsonGenerator json, InputPosition position) throws IOException {
    json.writeObjectFieldStart("input");
    json.writeStringField("topic", position.topic());
    json.writeNumberField("partition", position.partition());
    json.writeNumberField("offset", position.offset());
    json.writeEndObject();
  }

  /** A parser of an object, its first token read. */
  static JsonParser parser(byte[] bytes) throws IOException {
    JsonParser json = FACTORY.createParser(bytes);
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("expected a JSON object");
    }
    return json;
  }

  /**
   * The float at the parser; null is NaN. From its digits: by way of a double it could be rounded
   * twice.
   */
  static float floatValue(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.VALUE_NULL
        ? Float.NaN
        : Float.parseFloat(json.getText());
  }

  /** The double at the parser; null is NaN. */
  static double doubleValue(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.VALUE_NULL
        ? Double.NaN
        : Double.parseDouble(json.getText());
  }

  /** The position at the parser. */
  static InputPosition position(JsonParser json) throws IOException {
    String topic = null;
    int partition = -1;
    long offset = -1;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "topic" -> topic = json.getText();
        case "partition" -> partition = json.getIntValue();
        case "offset" -> offset = json.getLongValue();
        default -> json.skipChildren();
      }
    }
    return new InputPosition(topic, partition, offset);
  }
}
