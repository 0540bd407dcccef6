package dev.eddy.jobs.io;

import dev.eddy.jobs.config.PipelineConfig.Time;
import dev.eddy.model.data.TimeFormat;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * One column of a row group, value by value: as times, texts or numbers. Which types can be which
 * is settled when the column is opened, not row by row.
 */
final class ParquetColumn implements Closeable {
  private static final int MILLIS_PER_SECOND = 1_000;
  private static final int MICROS_PER_MILLI = 1_000;
  private static final int NANOS_PER_MILLI = 1_000_000;
  private static final long JULIAN_EPOCH = 2_440_588; // the day 1970-01-01

  private final Path file;
  private final FSDataInputStream in;
  private final ColumnChunk chunk;
  private final SchemaElement element;
  private final int present; // definition level of a value that is there
  private ColumnReader reader;

  /** The time in the row; epoch milliseconds. */
  interface Times {
    /** Reads it, without moving on. */
    long read() throws BadRecordException, IOException;
  }

  /** The text in the row. */
  interface Texts {
    /** Reads it, without moving on. */
    String read() throws BadRecordException, IOException;
  }

  /** The number in the row; NaN where it is missing. */
  interface Numbers {
    /** Reads it, without moving on. */
    double read() throws IOException;
  }

  /** Reads a value that is there. */
  private interface Read<T> {
    T of(ColumnReader reader) throws BadRecordException;
  }

  ParquetColumn(Path file, FSDataInputStream in, ColumnChunk chunk, SchemaElement element) {
    this.file = file;
    this.in = in;
    this.chunk = chunk;
    this.element = element;
    this.present = element.getRepetition_type() == FieldRepetitionType.OPTIONAL ? 1 : 0;
  }

  /** Goes to the first row of so many. */
  void start(long rows) throws IOException {
    if (!chunk.isSetMeta_data() || chunk.isSetFile_path()) {
      throw new BadFileException(file, "has its columns in other files, which is not read");
    }
    if (chunk.getMeta_data().getNum_values() != rows
        || chunk.getMeta_data().getType() != element.getType()) {
      throw new BadFileException(
          file, "is damaged: column '%s' is not as long as others".formatted(element.getName()));
    }
    PrimitiveTypeName name =
        element.getType() == Type.BYTE_ARRAY
            ? PrimitiveTypeName.BINARY
            : PrimitiveTypeName.valueOf(element.getType().name());
    PrimitiveType type =
        Types.primitive(
                name,
                present == 1
                    ? org.apache.parquet.schema.Type.Repetition.OPTIONAL
                    : org.apache.parquet.schema.Type.Repetition.REQUIRED)
            .length(element.getType_length())
            .named(element.getName());
    ColumnDescriptor column =
        new ColumnDescriptor(new String[] {element.getName()}, type, 0, present);
    ParquetPages pages = new ParquetPages(file, in, chunk.getMeta_data());
    reader = guarded(() -> new ColumnReaderImpl(column, pages, new PrimitiveConverter() {}, null));
  }

  /** Goes on to the next row. */
  void next() throws IOException {
    guarded(
        () -> {
          if (isPresent()) {
            reader.skip(); // does nothing where the value was read
          }
          reader.consume();
          return null;
        });
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean isPresent() {
    return reader.getCurrentDefinitionLevel() == present;
  }

  /** The column as times. */
  Times times(Time format) throws BadFileException {
    Read<Long> read = time(format);
    return () -> {
      if (!isPresent()) {
        throw new BadRecordException(
            "wrong-type", "column '%s' is null".formatted(element.getName()));
      }
      return value(read);
    };
  }

  private Read<Long> time(Time format) throws BadFileException {
    TimeFormat text = TimeFormat.of(format.format(), format.zone());
    ZoneId zone = ZoneId.of(format.zone());
    LogicalType logical = element.getLogicalType();
    ConvertedType old = element.getConverted_type();
    boolean epoch = format.format().startsWith("epoch-");
    switch (element.getType()) {
      case INT64:
        if (logical != null && logical.isSetTIMESTAMP()) {
          return timestamp(logical.getTIMESTAMP(), zone);
        }
        if (old == ConvertedType.TIMESTAMP_MILLIS) {
          return ColumnReader::getLong;
        }
        if (old == ConvertedType.TIMESTAMP_MICROS) {
          return r -> Math.floorDiv(r.getLong(), (long) MICROS_PER_MILLI);
        }
        if (epoch) {
          return r -> JsonEventReader.parse(text, Long.toString(r.getLong()));
        }
        break;
      case INT32:
        if (old == ConvertedType.DATE || (logical != null && logical.isSetDATE())) {
          return r ->
              LocalDate.ofEpochDay(r.getInteger()).atStartOfDay(zone).toInstant().toEpochMilli();
        }
        if (epoch) {
          return r -> JsonEventReader.parse(text, Integer.toString(r.getInteger()));
        }
        break;
      case INT96:
        return ParquetColumn::int96;
      case DOUBLE:
        if (epoch) {
          return r -> JsonEventReader.parse(text, Double.toString(r.getDouble()));
        }
        break;
      case BYTE_ARRAY:
        return r -> JsonEventReader.parse(text, r.getBinary().toStringUsingUTF8());
      default:
        break;
    }
    throw cannotBe("a time of format " + format.format());
  }

  private static Read<Long> timestamp(TimestampType type, ZoneId zone) {
    int perMilli =
        type.getUnit().isSetMILLIS()
            ? 1
            : type.getUnit().isSetMICROS() ? MICROS_PER_MILLI : NANOS_PER_MILLI;
    if (type.isIsAdjustedToUTC() || zone.equals(ZoneOffset.UTC)) {
      return r -> Math.floorDiv(r.getLong(), (long) perMilli);
    }
    // Local times, of the zone that the configuration says.
    return r -> {
      long millis = Math.floorDiv(r.getLong(), (long) perMilli);
      return LocalDateTime.ofEpochSecond(
              Math.floorDiv(millis, (long) MILLIS_PER_SECOND),
              (int) Math.floorMod(millis, (long) MILLIS_PER_SECOND) * NANOS_PER_MILLI,
              ZoneOffset.UTC)
          .atZone(zone)
          .toInstant()
          .toEpochMilli();
    };
  }

  /** Nanoseconds of the day, then the Julian day: how Impala and older Spark write time stamps. */
  private static long int96(ColumnReader reader) {
    ByteBuffer bytes = reader.getBinary().toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong(bytes.position());
    int day = bytes.getInt(bytes.position() + Long.BYTES);
    return (day - JULIAN_EPOCH) * 86_400_000L + Math.floorDiv(nanos, (long) NANOS_PER_MILLI);
  }

  /** The column as names. */
  Texts texts() throws BadFileException {
    Read<String> read =
        switch (element.getType()) {
          case BYTE_ARRAY -> r -> r.getBinary().toStringUsingUTF8();
          case INT32 -> r -> Integer.toString(r.getInteger());
          case INT64 -> r -> Long.toString(r.getLong());
          default -> throw cannotBe("an entity: a text or a whole number");
        };
    return () -> {
      if (!isPresent()) {
        throw new BadRecordException(
            "null-entity", "column '%s' is null".formatted(element.getName()));
      }
      return value(read);
    };
  }

  /** The column as readings. */
  Numbers numbers() throws BadFileException {
    Read<Double> read = number();
    return () -> {
      try {
        return isPresent() ? value(read) : Double.NaN;
      } catch (BadRecordException e) {
        throw new IllegalStateException("a number is never a bad record by itself", e);
      }
    };
  }

  private Read<Double> number() throws BadFileException {
    LogicalType logical = element.getLogicalType();
    boolean decimal =
        element.getConverted_type() == ConvertedType.DECIMAL
            || (logical != null && logical.isSetDECIMAL());
    int scale =
        logical != null && logical.isSetDECIMAL()
            ? logical.getDECIMAL().getScale()
            : element.getScale();
    boolean other = logical != null && (logical.isSetTIMESTAMP() || logical.isSetDATE());
    if (!other) {
      switch (element.getType()) {
        case DOUBLE:
          return ColumnReader::getDouble;
        case FLOAT:
          return r -> (double) r.getFloat();
        case INT32:
          return decimal
              ? r -> BigDecimal.valueOf(r.getInteger(), scale).doubleValue()
              : r -> (double) r.getInteger();
        case INT64:
          return decimal
              ? r -> BigDecimal.valueOf(r.getLong(), scale).doubleValue()
              : r -> (double) r.getLong();
        case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY:
          if (decimal) {
            return r ->
                new BigDecimal(new BigInteger(r.getBinary().getBytes()), scale).doubleValue();
          }
          break;
        default:
          break;
      }
    }
    throw cannotBe("a reading: a whole number, a floating point number or a decimal");
  }

  private BadFileException cannotBe(String what) {
    return new BadFileException(
        file,
        "column '%s' is of type %s%s, which is not %s"
            .formatted(
                element.getName(),
                element.getType(),
                element.isSetLogicalType() ? " (%s)".formatted(element.getLogicalType()) : "",
                what));
  }

  private <T> T value(Read<T> read) throws BadRecordException, IOException {
    try {
      return read.of(reader);
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  /** Something that decodes. */
  private interface Decoding<T> {
    T run();
  }

  private <T> T guarded(Decoding<T> decoding) throws IOException {
    try {
      return decoding.run();
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  /** What decoders throw at damaged bytes is anything; what the file system throws is kept. */
  private IOException failure(RuntimeException e) {
    return e instanceof UncheckedIOException io
        ? io.getCause()
        : new BadFileException(
            file, "is damaged: column '%s' cannot be decoded (%s)".formatted(element.getName(), e));
  }
}
