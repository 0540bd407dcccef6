package dev.eddy.jobs.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.PipelineConfig.Source;
import dev.eddy.jobs.config.PipelineConfig.Time;
import dev.eddy.model.kernel.Rng;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever comes from a topic becomes an event or a bad record with its reason, and nothing is ever
 * thrown.
 */
class EventDeserializerTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final int MAX_BYTES = 1 << 20;

  private static Source source(
      String format, String entity, String time, String value, String timeFormat) {
    return source(format, entity, time, value, timeFormat, 3_600_000);
  }

  private static Source source(
      String format,
      String entity,
      String time,
      String value,
      String timeFormat,
      long maxAheadMillis) {
    return new Source(
        "t",
        List.of(),
        format,
        entity,
        List.of(),
        value,
        new Time(time, timeFormat, "Europe/Zurich"),
        "earliest",
        maxAheadMillis,
        MAX_BYTES);
  }

  private static final Source JSON = source("json", "meter", "ts", "kwh", "epoch-millis");

  private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value, long timestamp) {
    return new ConsumerRecord<>(
        "t",
        3,
        42L,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        value == null ? -1 : value.length,
        key,
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  private static Parsed parse(Source source, String text) {
    return new EventDeserializer(source)
        .parse(record("k".getBytes(UTF_8), text.getBytes(UTF_8), NOW));
  }

  private static Parsed.BadRecord bad(Parsed parsed) {
    assertThat(parsed).isInstanceOf(Parsed.BadRecord.class);
    return (Parsed.BadRecord) parsed;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:1.5} | m1 | 1.5",
        "{`kwh`:-2e3,`ts`:1700000000000,`meter`:17} | 17 | -2000",
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:null} | m1 | NaN",
        "{`meter`:`é\\t<b>`,`ts`:1700000000000,`kwh`:0} | `é\t<b>` | 0",
        "{`meter`:`m1`,`new`:{`a`:[1,{}]},`ts`:1700000000000,`kwh`:1,`other`:`x`} | m1 | 1",
        " {`meter`:`m1`,`ts`:1700000000000,`kwh`:1} | m1 | 1",
      })
  void readsGoodJson(String text, String entity, double value) {
    Parsed parsed = parse(JSON, text.replace('`', '"'));
    assertThat(parsed)
        .isEqualTo(new Parsed.Event(entity, NOW, value, new InputPosition("t", 3, 42)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json | malformed",
        "{ | malformed",
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:1 | malformed",
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:1}} | malformed",
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:1} {} | malformed",
        "[1,2] | malformed",
        "17 | malformed",
        "null | malformed",
        "{`meter`:`m1`,`ts`:1700000000000} | missing-field",
        "{`meter`:`m1`,`kwh`:1} | missing-field",
        "{`ts`:1700000000000,`kwh`:1} | missing-field",
        "{`nested`:{`meter`:`m1`},`ts`:1700000000000,`kwh`:1} | missing-field",
        "{`meter`:`m1`,`meter`:`m2`,`ts`:1700000000000,`kwh`:1} | duplicate-field",
        "{`meter`:null,`ts`:1700000000000,`kwh`:1} | null-entity",
        "{`meter`:``,`ts`:1700000000000,`kwh`:1} | empty-entity",
        "{`meter`:1.5,`ts`:1700000000000,`kwh`:1} | wrong-type",
        "{`meter`:{},`ts`:1700000000000,`kwh`:1} | wrong-type",
        "{`meter`:`m1`,`ts`:`1700000000000`,`kwh`:1} | wrong-type",
        "{`meter`:`m1`,`ts`:1700000000000.5,`kwh`:1} | wrong-type",
        "{`meter`:`m1`,`ts`:null,`kwh`:1} | wrong-type",
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:`1`} | wrong-type",
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:true} | wrong-type",
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:[1]} | wrong-type",
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:NaN} | not-a-number",
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:-Infinity} | not-a-number",
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:`NaN`} | not-a-number",
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:1e999} | not-a-number",
        "{`meter`:`m1`,`ts`:1700000000000,`kwh`:1e31} | value-out-of-range",
        "{`meter`:`m1`,`ts`:-1,`kwh`:1} | time-absurd",
        "{`meter`:`m1`,`ts`:1700000000000000,`kwh`:1} | time-absurd",
        "{`meter`:`m1`,`ts`:99999999999999999999,`kwh`:1} | time-unparseable",
        "{`meter`:`m1`,`ts`:1700003600001,`kwh`:1} | time-ahead",
      })
  void saysWhatIsWrongWithJson(String text, String reason) {
    Parsed.BadRecord bad = bad(parse(JSON, text.replace('`', '"')));
    assertThat(bad.reason()).isEqualTo(reason);
    assertThat(bad.detail()).isNotBlank();
    assertThat(bad.value()).isEqualTo(text.replace('`', '"').getBytes(UTF_8));
    assertThat(bad.valueLength()).isEqualTo(bad.value().length);
    assertThat(bad.sha256()).isNull();
    assertThat(bad.position()).isEqualTo(new InputPosition("t", 3, 42));
  }

  @Test
  void comparesTheTimeWithTheRecordsOwnAndNeverWithTheClock() {
    EventDeserializer deserializer = new EventDeserializer(JSON);
    byte[] value = "{\"meter\":\"m\",\"ts\":1700003600000,\"kwh\":1}".getBytes(UTF_8);
    assertThat(deserializer.parse(record(null, value, NOW))).isInstanceOf(Parsed.Event.class);
    assertThat(bad(deserializer.parse(record(null, value, NOW - 1))).reason())
        .isEqualTo("time-ahead");
    // A record without a time stamp of its own has nothing to be compared with.
    assertThat(deserializer.parse(record(null, value, -1))).isInstanceOf(Parsed.Event.class);
  }

  @Test
  void aLimitOfZeroIsNoLimit() {
    EventDeserializer deserializer =
        new EventDeserializer(source("json", "meter", "ts", "kwh", "epoch-millis", 0));
    byte[] value = "{\"meter\":\"m\",\"ts\":1700003600000,\"kwh\":1}".getBytes(UTF_8);
    assertThat(deserializer.parse(record(null, value, NOW - 1))).isInstanceOf(Parsed.Event.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "epoch-seconds | 1700000000 | 1700000000000",
        "epoch-seconds | 1700000000.5 | 1700000000500",
        "iso | \"2023-11-14T22:13:20Z\" | 1700000000000",
        "iso | \"2023-11-14T23:13:20\" | 1700000000000",
        "yyyy-MM-dd HH:mm:ss | \"2023-11-14 23:13:20\" | 1700000000000",
      })
  void readsTimeFormats(String format, String time, long millis) {
    Parsed parsed =
        parse(
            source("json", "meter", "ts", "kwh", format),
            "{\"meter\":\"m\",\"ts\":" + time + ",\"kwh\":1}");
    assertThat(parsed).isEqualTo(new Parsed.Event("m", millis, 1, new InputPosition("t", 3, 42)));
  }

  @ParameterizedTest
  @CsvSource({
    "iso, \"yesterday\"",
    "yyyy-MM-dd, \"2023-02-30x\"",
    "iso, \"\"",
    "epoch-seconds, 1e999999999", // its digits would fill the memory
    "epoch-seconds, 1e-999999999"
  })
  void saysThatATimeCannotBeRead(String format, String time) {
    Parsed parsed =
        parse(
            source("json", "meter", "ts", "kwh", format),
            "{\"meter\":\"m\",\"ts\":" + time + ",\"kwh\":1}");
    assertThat(bad(parsed).reason()).isEqualTo("time-unparseable");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "m1,x,1700000000000,1.5 | 1.5",
        "`\"m1\",\"a \"\"b\"\", c\",1700000000000,1.5\r\n` | 1.5",
        "m1,x,1700000000000, | NaN",
        "m1,x,1700000000000,-1e3,more | -1000",
      })
  void readsCsvLines(String line, double value) {
    Parsed parsed = parse(source("csv", "1", "3", "4", "epoch-millis"), line);
    assertThat(parsed).isEqualTo(new Parsed.Event("m1", NOW, value, new InputPosition("t", 3, 42)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "m1,x,1700000000000 | missing-field",
        "`\"m1,x,1700000000000,1` | malformed",
        "`m1,x\nm2,1700000000000,1` | malformed",
        "`\"m1\"x,x,1700000000000,1` | malformed",
        "m1,x,soon,1 | time-unparseable",
        "m1,x,1700000000000,0x1p3 | wrong-type",
        "m1,x,1700000000000,1d | wrong-type",
        "m1,x,1700000000000,1-1 | wrong-type",
        "m1,x,1700000000000,nan | not-a-number",
        ",x,1700000000000,1 | empty-entity",
      })
  void saysWhatIsWrongWithCsv(String line, String reason) {
    assertThat(bad(parse(source("csv", "1", "3", "4", "epoch-millis"), line)).reason())
        .isEqualTo(reason);
  }

  @Test
  void refusesColumnNamesOnATopic() {
    assertThatThrownBy(
            () -> new EventDeserializer(source("csv", "meter", "3", "4", "epoch-millis")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("source.entity")
        .hasMessageContaining("'meter'");
  }

  @Test
  void readsTheCanonicalFormWhereReadingsComeFromAFile() {
    Source melted =
        new Source(
            "t",
            List.of(),
            "csv",
            null,
            List.of("A", "B"),
            null,
            new Time("date", "yyyy-MM-dd", "UTC"),
            "earliest",
            0,
            MAX_BYTES);
    for (double value : new double[] {1.1, -0.0, Double.MIN_VALUE, 1e30, Double.NaN}) {
      byte[] written = EventFormat.write("A \"quoted\"", NOW, value);
      assertThat(new EventDeserializer(melted).parse(record(null, written, NOW)))
          .isEqualTo(new Parsed.Event("A \"quoted\"", NOW, value, new InputPosition("t", 3, 42)));
      assertThat(
              new EventDeserializer(EventFormat.canonical(JSON)).parse(record(null, written, NOW)))
          .isInstanceOf(Parsed.Event.class);
    }
  }

  @Test
  void cutsARecordOfFiveMegabytes() throws Exception {
    byte[] value = new byte[5 << 20];
    Arrays.fill(value, (byte) ' ');
    Parsed.BadRecord bad =
        bad(new EventDeserializer(JSON).parse(record(new byte[1 << 20], value, NOW)));
    assertThat(bad.reason()).isEqualTo("too-large");
    assertThat(bad.detail()).contains("5242880").contains("1048576");
    assertThat(bad.key()).isNull();
    assertThat(bad.value()).hasSize(EventDeserializer.KEPT_VALUE);
    assertThat(bad.valueLength()).isEqualTo(5 << 20);
    assertThat(bad.sha256())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value)));
  }

  @Test
  void takesNoValueForBad() {
    assertThat(bad(new EventDeserializer(JSON).parse(record(null, null, NOW))).reason())
        .isEqualTo("empty");
    assertThat(bad(new EventDeserializer(JSON).parse(record(null, new byte[0], NOW))).reason())
        .isEqualTo("empty");
  }

  @Test
  void boundsNestingNamesNumbersAndEntities() {
    String good = ",\"meter\":\"m\",\"ts\":1700000000000,\"kwh\":1}";
    assertThat(bad(parse(JSON, "{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + good)).reason())
        .isEqualTo("malformed");
    assertThat(bad(parse(JSON, "{\"" + "n".repeat(5_000) + "\":1" + good)).reason())
        .isEqualTo("malformed");
    assertThat(
            bad(parse(
                    JSON, "{\"meter\":\"m\",\"ts\":1700000000000,\"kwh\":" + "9".repeat(500) + "}"))
                .reason())
        .isEqualTo("malformed");
    assertThat(
            bad(parse(
                    JSON, "{\"meter\":\"" + "m".repeat(257) + "\",\"ts\":1700000000000,\"kwh\":1}"))
                .reason())
        .isEqualTo("entity-too-long");
  }

  @Test
  void neverThrowsWhateverTheBytes() throws Exception {
    EventDeserializer json = InstantiationUtil.clone(new EventDeserializer(JSON));
    EventDeserializer csv = new EventDeserializer(source("csv", "1", "2", "3", "iso"));
    byte[] good = "{\"meter\":\"m1\",\"ts\":1700000000000,\"kwh\":1.5}".getBytes(UTF_8);
    long seed = Long.getLong("seed", 20_260_101);
    Rng rng = new Rng(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = i % 2 == 0 ? new byte[rng.nextInt(60)] : good.clone();
      int changes = i % 2 == 0 ? bytes.length : 1 + rng.nextInt(4);
      for (int j = 0; j < changes; j++) {
        int at = i % 2 == 0 ? j : rng.nextInt(bytes.length);
        bytes[at] = (byte) rng.nextInt(256);
      }
      ConsumerRecord<byte[], byte[]> record = record(null, bytes, NOW);
      assertThat(json.parse(record)).as("seed %d, record %d", seed, i).isNotNull();
      assertThat(csv.parse(record)).as("seed %d, record %d", seed, i).isNotNull();
    }
  }
}
