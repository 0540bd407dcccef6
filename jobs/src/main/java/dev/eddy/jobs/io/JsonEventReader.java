package dev.eddy.jobs.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.eddy.model.data.TimeFormat;
import java.io.IOException;

/**
 * Reads JSON objects as a stream of tokens: nothing is built that is not needed, and nesting,
 * names, numbers and texts are bounded.
 */
final class JsonEventReader implements EventReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Understood only so that they can be told from other nonsense.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(64)
                  .maxNameLength(1_024)
                  .maxNumberLength(128)
                  .maxStringLength(1 << 20)
                  .build())
          .build();

  private final EventFormat format;
  private final TimeFormat time;
  private final boolean millis;
  private final boolean epoch;

  JsonEventReader(EventFormat format) {
    this.format = format;
    this.time = TimeFormat.of(format.timeFormat(), format.timeZone());
    this.millis = format.timeFormat().equals("epoch-millis");
    this.epoch = format.timeFormat().startsWith("epoch-");
  }

  @Override
  public void read(byte[] bytes, EventFields fields) throws BadRecordException {
    try (JsonParser parser = FACTORY.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadRecordException("malformed", "the record is no JSON object");
      }
      object(parser, fields);
      if (parser.nextToken() != null) {
        throw new BadRecordException("malformed", "something follows the JSON object");
      }
    } catch (StreamConstraintsException e) {
      throw new BadRecordException(
          "malformed", "beyond the limits of JSON records: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new BadRecordException("malformed", "no JSON: " + firstLine(e));
    }
  }

  private void object(JsonParser parser, EventFields fields)
      throws IOException, BadRecordException {
    boolean hasEntity = false;
    boolean hasTime = false;
    boolean hasValue = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (name.equals(format.entity())) {
        once(hasEntity, name);
        entity(parser, token, fields);
        hasEntity = true;
      } else if (name.equals(format.time())) {
        once(hasTime, name);
        time(parser, token, fields);
        hasTime = true;
      } else if (name.equals(format.value())) {
        once(hasValue, name);
        value(parser, token, fields);
        hasValue = true;
      } else {
        parser.skipChildren();
      }
    }
    require(hasEntity, format.entity());
    require(hasTime, format.time());
    require(hasValue, format.value());
  }

  private static void once(boolean already, String name) throws BadRecordException {
    if (already) {
      throw new BadRecordException("duplicate-field", "field '" + name + "' is there twice");
    }
  }

  private static void require(boolean found, String name) throws BadRecordException {
    if (!found) {
      throw new BadRecordException("missing-field", "field '" + name + "' is missing");
    }
  }

  private void entity(JsonParser parser, JsonToken token, EventFields fields)
      throws IOException, BadRecordException {
    switch (token) {
      case VALUE_STRING, VALUE_NUMBER_INT -> fields.entity(parser.getText());
      case VALUE_NULL ->
          throw new BadRecordException("null-entity", "field '" + format.entity() + "' is null");
      default -> throw wrongType(format.entity(), "a text or a whole number", token);
    }
  }

  private void time(JsonParser parser, JsonToken token, EventFields fields)
      throws IOException, BadRecordException {
    boolean whole = token == JsonToken.VALUE_NUMBER_INT;
    boolean number = whole || token == JsonToken.VALUE_NUMBER_FLOAT;
    if (epoch ? !(whole || (number && !millis)) : token != JsonToken.VALUE_STRING) {
      throw wrongType(format.time(), "a time of format " + format.timeFormat(), token);
    }
    fields.time(parse(time, parser.getText()));
  }

  private void value(JsonParser parser, JsonToken token, EventFields fields)
      throws IOException, BadRecordException {
    switch (token) {
      // From the text: Jackson's own way to a double is bounded by the length of the number, and
      // this is exact.
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> fields.value(number(parser.getText()));
      case VALUE_NULL -> fields.missingValue();
      case VALUE_STRING -> {
        if (isNotANumber(parser.getText())) {
          fields.value(Double.NaN);
        }
        throw wrongType(format.value(), "a number or null", token);
      }
      default -> throw wrongType(format.value(), "a number or null", token);
    }
  }

  private static double number(String text) {
    return isNotANumber(text) ? Double.NaN : Double.parseDouble(text);
  }

  /** Whether a text is one of the ways in which NaN and the infinities are written. */
  static boolean isNotANumber(String text) {
    String plain = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    return plain.equalsIgnoreCase("NaN")
        || plain.equalsIgnoreCase("Infinity")
        || plain.equalsIgnoreCase("INF");
  }

  /** The time in a text, as a bad record where it is none. */
  static long parse(TimeFormat format, String text) throws BadRecordException {
    try {
      return format.parse(text);
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(
          "time-unparseable",
          BadRecordException.quote(text) + " is not a time of format " + format);
    }
  }

  private static BadRecordException wrongType(String field, String expected, JsonToken found) {
    String name =
        switch (found) {
          case VALUE_STRING -> "a text";
          case VALUE_NUMBER_INT -> "a whole number";
          case VALUE_NUMBER_FLOAT -> "a number";
          case VALUE_TRUE, VALUE_FALSE -> "a boolean";
          case START_ARRAY -> "an array";
          case START_OBJECT -> "an object";
          case VALUE_NULL -> "null";
          default -> found.toString();
        };
    return new BadRecordException(
        "wrong-type", "field '" + field + "' must be " + expected + ", not " + name);
  }

  private static String firstLine(IOException e) {
    String message =
        e instanceof com.fasterxml.jackson.core.JsonProcessingException json
            ? json.getOriginalMessage()
            : e.getMessage();
    return message == null ? e.getClass().getSimpleName() : BadRecordException.quote(message);
  }
}
