package dev.eddy.jobs.io;

import dev.eddy.jobs.config.PipelineConfig.Source;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes one {@link Parsed} of every record of the events topic, whatever is in it: an event, or a
 * bad record with the reason. It never throws, so that a poison record cannot stop a job, and
 * decides by the record alone, so that a replay decides the same.
 *
 * <p>Reasons: {@code empty} (no value), {@code too-large}, {@code malformed}, {@code
 * missing-field}, {@code duplicate-field}, {@code wrong-type}, {@code null-entity}, {@code
 * empty-entity}, {@code entity-too-long}, {@code not-a-number}, {@code value-out-of-range}, {@code
 * time-unparseable}, {@code time-absurd} (before 1970, after 2199), {@code time-ahead} (further
 * ahead of the Kafka record's own time stamp than {@code source.max-ahead} allows). Fields that the
 * pipeline does not name are ignored: producers may add some. An explicit null is a missing reading
 * and makes an event with the value NaN.
 *
 * <p>Not thread-safe; every reader of a source has its own.
 */
public final class EventDeserializer implements KafkaRecordDeserializationSchema<Parsed> {
  private static final long serialVersionUID = 1L;

  /**
   * Bytes of a bad record's value that are kept: a dead letter must fit into a producer's request.
   */
  public static final int KEPT_VALUE = 512 << 10;

  /** A longer key of a bad record is dropped. */
  public static final int KEPT_KEY = 16 << 10;

  private final EventFormat format;
  private final long maxAheadMillis;
  private final int maxBytes;

  private transient EventReader reader;
  private transient EventFields fields;
  private transient String topic;

  /**
   * A deserialiser of a pipeline's events.
   *
   * @throws IllegalArgumentException if the source's format cannot be read from a topic
   */
  public EventDeserializer(Source source) {
    this.format = EventFormat.of(source);
    this.maxAheadMillis = source.maxAheadMillis();
    this.maxBytes = source.maxBytes();
    // Fails here, where the configuration is read, and not on a TaskManager.
    EventReader.of(format);
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Parsed> out) {
    out.collect(parse(record));
  }

  /** The event in a record, or why there is none. */
  public Parsed parse(ConsumerRecord<byte[], byte[]> record) {
    if (reader == null) {
      reader = EventReader.of(format);
      fields = new EventFields();
    }
    InputPosition position =
        new InputPosition(sameTopic(record.topic()), record.partition(), record.offset());
    try {
      read(record);
      return new Parsed.Event(fields.entity, fields.time, fields.value, position);
    } catch (BadRecordException e) {
      return bad(record, position, e.reason(), e.getMessage());
    } catch (RuntimeException e) {
      // No parser is trusted with bytes from outside: whatever it throws, the job goes on.
      return bad(record, position, "malformed", "the parser failed: " + e);
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record) throws BadRecordException {
    byte[] value = record.value();
    if (value == null || value.length == 0) {
      throw new BadRecordException("empty", "the record has no value");
    }
    if (value.length > maxBytes) {
      throw new BadRecordException(
          "too-large",
          "the record has " + value.length + " bytes, source.max-bytes allows " + maxBytes);
    }
    reader.read(value, fields);
    if (maxAheadMillis > 0
        && record.timestamp() >= 0
        && fields.time - record.timestamp() > maxAheadMillis) {
      throw new BadRecordException(
          "time-ahead",
          "time %d is %d ms ahead of the record's own %d, source.time.max-ahead allows %d"
              .formatted(
                  fields.time,
                  fields.time - record.timestamp(),
                  record.timestamp(),
                  maxAheadMillis));
    }
  }

  private static Parsed.BadRecord bad(
      ConsumerRecord<byte[], byte[]> record, InputPosition position, String reason, String detail) {
    byte[] key = record.key();
    byte[] value = record.value();
    String said = detail;
    if (key != null && key.length > KEPT_KEY) {
      said = detail + "; its key of " + key.length + " bytes was dropped";
      key = null;
    }
    if (value == null || value.length <= KEPT_VALUE) {
      return new Parsed.BadRecord(
          key, value, value == null ? 0 : value.length, null, reason, said, position);
    }
    return new Parsed.BadRecord(
        key, Arrays.copyOf(value, KEPT_VALUE), value.length, sha256(value), reason, said, position);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** One string per topic instead of one per record. */
  private String sameTopic(String name) {
    if (!name.equals(topic)) {
      topic = name;
    }
    return topic;
  }

  @Override
  public TypeInformation<Parsed> getProducedType() {
    return StreamTypes.PARSED;
  }
}
