package dev.eddy.jobs.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.PipelineConfig.Source;
import dev.eddy.jobs.config.PipelineConfig.Time;
import dev.eddy.jobs.io.TestParquet.Column;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.MilliSeconds;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Parquet as we write it by hand here, every type, and as arrow-rs 55 wrote it ({@code
 * resources/parquet}): dictionaries, several pages and row groups, a nested column, 30 rows.
 */
class ParquetFileTest {
  private static final long HOUR = 3_600_000;

  @TempDir Path folder;

  private static Source source(String time, String format, String zone, String value) {
    return new Source(
        "t",
        List.of(),
        "parquet",
        "meter",
        List.of(),
        value,
        new Time(time, format, zone),
        "earliest",
        0,
        1000);
  }

  private static List<Parsed> read(Source source, Path file) throws IOException {
    List<Parsed> all = new ArrayList<>();
    EventFile.read(source, new org.apache.flink.core.fs.Path(file.toString()), 0, all::add);
    return all;
  }

  private static Path fixture(String name) {
    return Path.of("src/test/resources/parquet", "arrow-rs-%s.parquet".formatted(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"snappy", "gzip", "zstd", "plain"})
  void anotherImplementationsFilesAreRead(String name) throws IOException {
    for (String time : List.of("ts", "local")) {
      List<Parsed> read = read(source(time, "iso", "UTC", "kwh"), fixture(name));
      assertThat(read).hasSize(30);
      for (int i = 0; i < 30; i++) {
        Parsed.Event event = (Parsed.Event) read.get(i);
        assertThat(event.entity()).isEqualTo("m" + i % 3);
        assertThat(event.time()).isEqualTo(i / 3 * HOUR);
        assertThat(event.value()).isEqualTo((Double) (i % 7 == 3 ? Double.NaN : i + 0.25));
        assertThat(event.position().offset()).isEqualTo(i);
      }
    }
    Parsed.Event day =
        (Parsed.Event) read(source("day", "iso", "UTC", "f32"), fixture(name)).get(29);
    assertThat(day.time()).isEqualTo(9 * 24 * HOUR);
    assertThat(day.value()).isEqualTo(14.5);
    Parsed.Event seconds =
        (Parsed.Event) read(source("secs", "epoch-seconds", "UTC", "i32"), fixture(name)).get(29);
    assertThat(seconds.time()).isEqualTo(9 * HOUR);
    assertThat(seconds.value()).isEqualTo(-29);
    Source melted =
        new Source(
            "t",
            List.of(),
            "parquet",
            null,
            List.of("i32", "kwh"),
            null,
            new Time("ts", "iso", "UTC"),
            "earliest",
            0,
            1000);
    assertThat(read(melted, fixture(name)))
        .hasSize(60)
        .filteredOn(record -> ((Parsed.Event) record).entity().equals("i32"))
        .hasSize(30);
  }

  @Test
  void whatCannotBeReadIsNamed() {
    refused(source("ts", "iso", "UTC", "kwh"), fixture("lz4"), "compressed with LZ4_RAW");
    refused(
        source("ts", "iso", "UTC", "watt"),
        fixture("snappy"),
        "there is no column 'watt', only 'ts', 'local', 'day', 'secs', 'meter', 'kwh', 'f32', 'i32'");
    refused(source("ts", "iso", "UTC", "day"), fixture("snappy"), "column 'day' is of type INT32");
    refused(source("f32", "iso", "UTC", "kwh"), fixture("snappy"), "column 'f32' is of type FLOAT");
    refused(source("secs", "iso", "UTC", "kwh"), fixture("snappy"), "not a time of format iso");
  }

  private static void refused(Source source, Path file, String message) {
    assertThatThrownBy(() -> read(source, file))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageContaining(message);
  }

  private static Column typed(String name, Type type, LogicalType logical, Object... values) {
    Column column = Column.of(name, type, Arrays.asList(values));
    if (logical != null) {
      column.element().setLogicalType(logical);
    }
    return column;
  }

  private List<String> all(Source source, Column... columns) throws IOException {
    return read(source, TestParquet.write(folder.resolve("x.parquet"), columns)).stream()
        .map(
            record ->
                record instanceof Parsed.Event event
                    ? "%s@%d=%s".formatted(event.entity(), event.time(), event.value())
                    : ((Parsed.BadRecord) record).reason()
                        + ": "
                        + ((Parsed.BadRecord) record).detail())
        .toList();
  }

  @Test
  void timesOfEveryType() throws IOException {
    Column meter = Column.of("meter", Type.INT32, List.of(7));
    Column value = Column.of("v", Type.DOUBLE, List.of(1.5));
    List<Column> times = new ArrayList<>();
    long second = 1_700_000_000L;
    TimeUnit millis = TimeUnit.MILLIS(new MilliSeconds());
    TimeUnit micros = TimeUnit.MICROS(new MicroSeconds());
    TimeUnit nanos = TimeUnit.NANOS(new NanoSeconds());
    times.add(
        typed(
            "ts",
            Type.INT64,
            LogicalType.TIMESTAMP(new TimestampType(true, millis)),
            second * 1000));
    times.add(
        typed(
            "ts",
            Type.INT64,
            LogicalType.TIMESTAMP(new TimestampType(true, micros)),
            second * 1_000_000 + 999));
    times.add(
        typed(
            "ts",
            Type.INT64,
            LogicalType.TIMESTAMP(new TimestampType(true, nanos)),
            second * 1_000_000_000 + 1));
    // One hour ahead in Berlin in November.
    times.add(
        typed(
            "ts",
            Type.INT64,
            LogicalType.TIMESTAMP(new TimestampType(false, millis)),
            (second + 3600) * 1000));
    times.add(typed("ts", Type.BYTE_ARRAY, null, "2023-11-14 23:13:20"));
    Column old = typed("ts", Type.INT64, null, second * 1_000_000);
    old.element().setConverted_type(ConvertedType.TIMESTAMP_MICROS);
    times.add(old);
    byte[] int96 =
        ByteBuffer.allocate(12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(second % 86_400 * 1_000_000_000)
            .putInt((int) (second / 86_400 + 2_440_588))
            .array();
    times.add(typed("ts", Type.INT96, null, (Object) int96));
    for (Column time : times) {
      assertThat(all(source("ts", "iso", "Europe/Berlin", "v"), meter, time, value))
          .containsExactly("7@1700000000000=1.5");
    }
    assertThat(
            all(
                source("ts", "iso", "Europe/Berlin", "v"),
                meter,
                typed("ts", Type.INT32, LogicalType.DATE(new DateType()), 19_675),
                value))
        .as("midnight in Berlin")
        .containsExactly("7@" + (19_675 * 24 - 1) * HOUR + "=1.5");
    assertThat(
            all(
                source("ts", "epoch-seconds", "UTC", "v"),
                meter,
                typed("ts", Type.DOUBLE, null, 1.5),
                value))
        .containsExactly("7@1500=1.5");
  }

  @Test
  void numbersOfEveryTypeAndNulls() throws IOException {
    Source source = source("ts", "epoch-millis", "UTC", "v");
    Column meter = Column.of("meter", Type.BYTE_ARRAY, Arrays.asList("a", "b", null, "d"));
    Column time = Column.of("ts", Type.INT64, Arrays.asList(1L, 2L, 3L, null));
    LogicalType decimal = LogicalType.DECIMAL(new DecimalType(2, 9));
    byte[] negative = BigInteger.valueOf(-150).toByteArray();
    for (Column value :
        List.of(
            typed("v", Type.DOUBLE, null, null, -1.5, 0.0, 0.0),
            typed("v", Type.DOUBLE, null, Double.NaN, -1.5, 0.0, 0.0),
            typed("v", Type.FLOAT, null, null, -1.5f, 0f, 0f),
            typed("v", Type.INT32, decimal, null, -150, 0, 0),
            typed("v", Type.INT64, decimal, null, -150L, 0L, 0L),
            typed("v", Type.BYTE_ARRAY, decimal, null, negative, negative, negative))) {
      assertThat(all(source, meter, time, value))
          .containsExactly(
              "a@1=NaN",
              "b@2=-1.5",
              "null-entity: row 3: column 'meter' is null",
              "wrong-type: row 4: column 'ts' is null");
    }
    assertThat(
            all(
                source,
                meter,
                time,
                typed("v", Type.DOUBLE, null, 1e31, Double.POSITIVE_INFINITY, 0.0, 0.0)))
        .element(1)
        .asString()
        .startsWith("not-a-number: row 2");
  }

  /** Whatever is damaged ends in one exception, or in the readings; never in anything else. */
  @Test
  void damageEndsInOneException() throws IOException {
    Random random = new Random(11);
    int refused = 0;
    for (String name : List.of("snappy", "gzip", "zstd", "plain")) {
      byte[] good = Files.readAllBytes(fixture(name));
      for (int i = 0; i < 400; i++) {
        byte[] bad = good.clone();
        for (int k = 0; k <= i % 3; k++) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
        }
        if (i % 10 == 0) {
          bad = Arrays.copyOf(bad, random.nextInt(bad.length));
        }
        Path file = Files.write(folder.resolve("bad.parquet"), bad);
        try {
          assertThat(read(source("ts", "iso", "UTC", "kwh"), file)).hasSizeLessThan(1000);
        } catch (BadFileException e) {
          refused++;
          assertThat(e).hasMessageContaining("bad.parquet");
        }
      }
    }
    assertThat(refused).isGreaterThan(300);
  }
}
