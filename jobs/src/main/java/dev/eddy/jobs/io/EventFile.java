package dev.eddy.jobs.io;

import dev.eddy.jobs.config.PipelineConfig.Source;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.zip.ZipException;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;

/**
 * Reads a file of events, on whatever Flink has a file system for, in constant memory: CSV with a
 * header line, JSON lines (both plain or gzip) or Parquet, as {@code source} describes them.
 *
 * <p>A row means what the same record on the events topic would mean, with the same reasons for
 * being bad; but a file's rows have no time of writing, so that {@code time.max-ahead} does not
 * apply, and a column's {@code NaN}, {@code NA} and {@code null} are missing readings, as the tools
 * that write such files mean them. In CSV, a row with more or fewer columns than the header is bad,
 * and a row does not reach over several lines. Blank lines are no rows.
 */
public final class EventFile {
  private EventFile() {}

  /**
   * Reads a whole file.
   *
   * @param source the format, the columns, the longest line
   * @param first number of the first reading, for its position
   * @param out hears of every reading in the order of the rows
   * @return the number after the last reading's
   * @throws BadFileException if it is not such a file at all
   * @throws IOException if it cannot be read now
   */
  public static long read(Source source, Path file, long first, Consumer<Parsed> out)
      throws IOException {
    FileRows rows = new FileRows(file.toString(), first, out);
    try {
      if (source.format().equals("parquet")) {
        ParquetFile.read(source, file, rows);
      } else {
        text(source, file, rows);
      }
      return rows.next();
    } catch (ZipException | EOFException e) {
      throw new BadFileException(file, "is damaged or cut off (%s)".formatted(e.getMessage()));
    }
  }

  /** Reads one row. */
  interface RowReader {
    /**
     * Hands on what is in a row.
     *
     * @throws BadRecordException if that is nothing
     */
    void read(byte[] line, FileRows rows) throws BadRecordException;
  }

  private static void text(Source source, Path file, FileRows rows) throws IOException {
    try (FSDataInputStream raw = file.getFileSystem().open(file)) {
      lines(source, file, FileBytes.text(file, raw), rows);
    }
  }

  private static void lines(Source source, Path file, InputStream in, FileRows rows)
      throws IOException {
    Lines lines = new Lines(in, source.maxBytes());
    RowReader reader = source.format().equals("json") ? json(source) : null;
    long number = 0;
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      number++;
      if (isBlank(line)) {
        continue;
      }
      if (reader == null) {
        reader = header(source, file, lines, line);
        continue;
      }
      rows.begin(number, line);
      try {
        if (lines.tooLong()) {
          throw new BadRecordException(
              "too-large",
              "the line has %d bytes, source.max-bytes allows %d"
                  .formatted(lines.length(), source.maxBytes()));
        }
        reader.read(line, rows);
      } catch (BadRecordException e) {
        rows.bad(e);
      }
    }
  }

  private static RowReader json(Source source) {
    EventReader reader = EventReader.of(EventFormat.ofJsonFile(source));
    return (line, rows) -> {
      reader.read(line, rows.fields());
      rows.event();
    };
  }

  private static RowReader header(Source source, Path file, Lines lines, byte[] line)
      throws BadFileException {
    if (lines.tooLong()) {
      throw new BadFileException(
          file,
          "its first line has %d bytes, source.max-bytes allows %d; is it CSV with a header line?"
              .formatted(lines.length(), source.maxBytes()));
    }
    return CsvRows.of(source, file, line);
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
