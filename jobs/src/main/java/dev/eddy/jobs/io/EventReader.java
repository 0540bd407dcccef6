package dev.eddy.jobs.io;

/** Reads one record of a format. Not thread-safe. */
interface EventReader {
  /**
   * Reads the three fields of a record.
   *
   * @param bytes the record's value
   * @param fields Modified: all three are set when this returns
   * @throws BadRecordException saying why the record cannot be used
   */
  void read(byte[] bytes, EventFields fields) throws BadRecordException;

  /** The reader of a format. */
  static EventReader of(EventFormat format) {
    return format.csv() ? new CsvEventReader(format) : new JsonEventReader(format);
  }
}
