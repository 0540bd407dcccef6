package dev.eddy.jobs.io;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The rows of a file on their way out: every reading becomes one {@link Parsed} with the file and a
 * running number as its position. A row may hold several readings, of melted columns.
 */
final class FileRows {
  /** Bytes of a bad row that are kept, for messages. */
  private static final int KEPT = 200;

  private final String file;
  private final Consumer<Parsed> out;
  private final EventFields fields = new EventFields();
  private long readings;
  private long row;
  private byte[] text;

  /**
   * Rows of a file.
   *
   * @param first number of its first reading
   */
  FileRows(String file, long first, Consumer<Parsed> out) {
    this.file = file;
    this.readings = first;
    this.out = out;
  }

  /**
   * Begins a row.
   *
   * @param number of the row, from 1
   * @param line its bytes; null where it has none
   */
  void begin(long number, byte[] line) {
    row = number;
    text = line;
  }

  /** What a reading is put into before {@link #event}. */
  EventFields fields() {
    return fields;
  }

  /** Hands on the reading in {@link #fields}. */
  void event() {
    out.accept(new Parsed.Event(fields.entity, fields.time, fields.value, position()));
  }

  /** Hands on a reading, or a whole row, that cannot be used. */
  void bad(BadRecordException why) {
    byte[] kept = text == null ? null : Arrays.copyOf(text, Math.min(text.length, KEPT));
    out.accept(
        new Parsed.BadRecord(
            null,
            kept,
            text == null ? 0 : text.length,
            null,
            why.reason(),
            "row %d: %s".formatted(row, why.getMessage()),
            position()));
  }

  /** The number after the last reading's. */
  long next() {
    return readings;
  }

  private InputPosition position() {
    return new InputPosition(file, 0, readings++);
  }
}
