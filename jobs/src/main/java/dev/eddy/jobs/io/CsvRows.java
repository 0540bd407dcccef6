package dev.eddy.jobs.io;

import dev.eddy.jobs.config.PipelineConfig.Source;
import dev.eddy.model.data.TimeFormat;
import java.util.List;
import java.util.Set;
import org.apache.flink.core.fs.Path;

/** Rows of a CSV file whose header line named the columns. */
final class CsvRows implements EventFile.RowReader {
  /** How pandas, R and others write a missing number, besides nothing. */
  private static final Set<String> MISSING = Set.of("", "NaN", "nan", "NA", "null");

  private final CsvLine line;
  private final FileColumns columns;
  private final int width;
  private final TimeFormat time;

  private CsvRows(CsvLine line, FileColumns columns, int width, TimeFormat time) {
    this.line = line;
    this.columns = columns;
    this.width = width;
    this.time = time;
  }

  /**
   * The rows below a header.
   *
   * @throws BadFileException if it does not name the columns
   */
  static CsvRows of(Source source, Path file, byte[] header) throws BadFileException {
    CsvLine line = new CsvLine();
    try {
      List<String> names = line.split(header).stream().map(String::strip).toList();
      TimeFormat time = TimeFormat.of(source.time().format(), source.time().zone());
      return new CsvRows(line, FileColumns.of(source, file, names), names.size(), time);
    } catch (BadRecordException e) {
      throw new BadFileException(file, "no CSV, its first line: " + e.getMessage());
    }
  }

  @Override
  public void read(byte[] bytes, FileRows rows) throws BadRecordException {
    List<String> found = line.split(bytes);
    if (found.size() != width) {
      throw new BadRecordException(
          "malformed", "%d columns, the header has %d".formatted(found.size(), width));
    }
    EventFields fields = rows.fields();
    fields.time(JsonEventReader.parse(time, found.get(columns.time())));
    for (int i = 0; i < columns.names().size(); i++) {
      String name = columns.names().get(i);
      try {
        fields.entity(columns.entity() < 0 ? name : found.get(columns.entity()));
        CsvLine.value(name, found.get(columns.values().get(i)), MISSING, fields);
      } catch (BadRecordException e) {
        rows.bad(e);
        continue;
      }
      rows.event();
    }
  }
}
