package dev.eddy.jobs.io;

import dev.eddy.model.data.TimeFormat;
import java.util.List;
import java.util.Set;

/**
 * Reads one line of comma-separated values by the numbers of its columns. An empty value is a
 * missing reading.
 */
final class CsvEventReader implements EventReader {
  private static final Set<String> MISSING = Set.of("");

  private final EventFormat format;
  private final TimeFormat time;
  private final CsvLine line = new CsvLine();

  CsvEventReader(EventFormat format) {
    this.format = format;
    this.time = TimeFormat.of(format.timeFormat(), format.timeZone());
  }

  @Override
  public void read(byte[] bytes, EventFields fields) throws BadRecordException {
    List<String> columns = line.split(bytes);
    fields.entity(column(columns, format.entity()));
    fields.time(JsonEventReader.parse(time, column(columns, format.time())));
    CsvLine.value(format.value(), column(columns, format.value()), MISSING, fields);
  }

  private static String column(List<String> columns, String number) throws BadRecordException {
    int index = Integer.parseInt(number);
    if (index > columns.size()) {
      throw new BadRecordException(
          "missing-field", "column " + index + " is missing, the record has " + columns.size());
    }
    return columns.get(index - 1);
  }
}
