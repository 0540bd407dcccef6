package dev.eddy.jobs.io;

import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * What the deserialiser made of a Kafka record: an event, or a bad record with its reason. It never
 * throws.
 */
@TypeInfo(StreamTypes.OfParsed.class)
public sealed interface Parsed {

  /**
   * A good record.
   *
   * @param entity its key
   * @param time event time, epoch milliseconds
   * @param value the reading; NaN where it is missing (an explicit null)
   * @param position where it came from
   */
  @TypeInfo(StreamTypes.OfEvent.class)
  record Event(String entity, long time, double value, InputPosition position) implements Parsed {}

  /**
   * A record that cannot be used. Goes to the dead letters with its original bytes (cut to a limit,
   * then with length and sha256 in headers) and its reason.
   *
   * @param key the record's key, or null
   * @param value the record's value, or null; cut to the limit
   * @param valueLength the original length
   * @param sha256 hex of the original value where it was cut, else null
   * @param reason short and countable, for example {@code malformed-json}, {@code not-a-number},
   *     {@code time-ahead}
   * @param detail what was found and what is allowed
   * @param position where it came from
   */
  @TypeInfo(StreamTypes.OfBadRecord.class)
  record BadRecord(
      byte[] key,
      byte[] value,
      int valueLength,
      String sha256,
      String reason,
      String detail,
      InputPosition position)
      implements Parsed {}
}
