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

  /** The record's value: {@code {"entity","time","value"}}, a missing reading as null. */
  byte[] payload() {
    if (malformed != null) {
      return malformed;
    }
    StringBuilder json = new StringBuilder(80).append("{\"entity\":\"");
    json.append(JsonStringEncoder.getInstance().quoteAsString(entity));
    json.append("\",\"time\":").append(time).append(",\"value\":");
    json.append(Double.isNaN(value) ? "null" : Double.toString(value)).append('}');
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
