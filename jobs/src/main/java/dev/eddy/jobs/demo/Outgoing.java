package dev.eddy.jobs.demo;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/**
 * One record on its way to the events topic.
 *
 * @param entity its key
 * @param time event time, epoch milliseconds; also the Kafka record's own time stamp
 * @param value the reading; NaN where it is missing
 * @param malformed bytes that no parser can use, or null for a good record
 */
record Outgoing(String entity, long time, double value, byte[] malformed) {

  /** A good record. */
  static Outgoing reading(String entity, long time, double value) {
    return new Outgoing(entity, time, value, null);
  }

  /** A record that must end in the dead letters. */
  static Outgoing bad(String entity, long time, String text) {
    return new Outgoing(entity, time, Double.NaN, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a reading can be taken from it. */
  boolean good() {
    return malformed == null;
  }

  /** The record's value: a JSON object of three fields, a missing reading as null. */
  byte[] payload(Fields fields) {
    return malformed == null
        ? fields
            .json(entity, time, Double.isNaN(value) ? "null" : Double.toString(value))
            .getBytes(StandardCharsets.UTF_8)
        : malformed;
  }

  /**
   * What the fields of a record are called.
   *
   * @param entity names the entity
   * @param time event time, epoch milliseconds
   * @param value the reading
   */
  record Fields(String entity, String time, String value) {
    /** The names where the pipeline has none of its own. */
    static final Fields PLAIN = new Fields("entity", "time", "value");

    /** A whole record; the value is written as it is. */
    String json(String entityId, long millis, String number) {
      return start(entityId, millis) + ',' + quoted(value) + ':' + number + '}';
    }

    /** A record that breaks off before its value. */
    String start(String entityId, long millis) {
      return '{' + quoted(entity) + ':' + quoted(entityId) + ',' + quoted(time) + ':' + millis;
    }

    private static String quoted(String text) {
      return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
  }
}
