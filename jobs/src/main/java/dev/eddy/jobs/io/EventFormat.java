package dev.eddy.jobs.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.eddy.jobs.config.PipelineConfig.Source;
import dev.eddy.jobs.config.PipelineConfig.Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Where a record on the events topic keeps its entity, time and value. One record holds one reading
 * of one entity.
 *
 * <p>JSON: an object with those three fields at its top level; other fields are ignored. CSV: one
 * line without a header, so that the fields are column numbers, counted from 1.
 *
 * <p>A pipeline whose readings come from a file ({@code source.file}, or columns melted into
 * entities) has records of the <em>canonical</em> form on its topic, which {@link #write} makes:
 * {@code {"entity":"...","time":<epoch milliseconds>,"value":<number or null>}}. {@code
 * source.format}, {@code entity}, {@code target} and {@code time} then describe the file.
 *
 * @param csv lines instead of objects
 * @param entity field, or column from 1, of the entity
 * @param time field, or column from 1, of the time
 * @param value field, or column from 1, of the value
 * @param timeFormat {@code epoch-millis}, {@code epoch-seconds}, {@code iso}, or a java.time
 *     pattern
 * @param timeZone zone of local times
 */
public record EventFormat(
    boolean csv, String entity, String time, String value, String timeFormat, String timeZone)
    implements Serializable {

  private static final EventFormat CANONICAL =
      new EventFormat(false, "entity", "time", "value", "epoch-millis", "UTC");

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  /**
   * The form of the records on a pipeline's events topic.
   *
   * @throws IllegalArgumentException if CSV records are to be read by column names
   */
  public static EventFormat of(Source source) {
    if (!source.files().isEmpty() || !source.melt().isEmpty()) {
      return CANONICAL;
    }
    boolean csv = source.format().equals("csv");
    if (csv) {
      requireColumn("source.entity", source.entity());
      requireColumn("source.time.field", source.time().field());
      requireColumn("target", source.value());
    }
    Time time = source.time();
    return new EventFormat(
        csv, source.entity(), time.field(), source.value(), time.format(), time.zone());
  }

  /**
   * The same source with records of the canonical form on its topic, and no file: for jobs fed by a
   * replay.
   */
  public static Source canonical(Source source) {
    return new Source(
        source.topic(),
        List.of(),
        "json",
        CANONICAL.entity,
        List.of(),
        CANONICAL.value,
        new Time(CANONICAL.time, CANONICAL.timeFormat, CANONICAL.timeZone),
        source.start(),
        source.maxAheadMillis(),
        source.maxBytes());
  }

  /** The form of the objects in a source's JSON files. */
  static EventFormat ofJsonFile(Source source) {
    Time time = source.time();
    return new EventFormat(
        false, source.entity(), time.field(), source.value(), time.format(), time.zone());
  }

  private static void requireColumn(String key, String field) {
    if (!field.matches("[1-9][0-9]{0,3}")) {
      throw new IllegalArgumentException(
          key
              + ": a CSV record on a topic has no header, so this must be the number of a column, counted from 1, not '"
              + field
              + "'");
    }
  }

  /**
   * A record of the canonical form.
   *
   * @param value the reading; NaN where it is missing, which is written as null
   */
  public static byte[] write(String entity, long time, double value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField(CANONICAL.entity, entity);
      json.writeNumberField(CANONICAL.time, time);
      if (Double.isNaN(value)) {
        json.writeNullField(CANONICAL.value);
      } else {
        json.writeNumberField(CANONICAL.value, value);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot happen: written to memory", e);
    }
    return bytes.toByteArray();
  }
}
