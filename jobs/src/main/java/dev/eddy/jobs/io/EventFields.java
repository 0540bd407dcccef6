package dev.eddy.jobs.io;

/**
 * The three fields of a record as they were found, and what makes each of them bad. Mutable, reused
 * from record to record.
 */
final class EventFields {
  /**
   * Beyond this a reading is an error of measurement, and its square would no longer be a finite
   * scale.
   */
  static final double MAX_VALUE = 1e30;

  static final int MAX_ENTITY = 256;

  private static final long YEAR_2200 = 7_258_118_400_000L;

  String entity;
  long time;
  double value;

  /** Takes the entity's name. */
  void entity(String name) throws BadRecordException {
    if (name.isEmpty()) {
      throw new BadRecordException("empty-entity", "the entity is an empty text");
    }
    if (name.length() > MAX_ENTITY) {
      throw new BadRecordException(
          "entity-too-long",
          "the entity has "
              + name.length()
              + " characters, at most "
              + MAX_ENTITY
              + " are allowed");
    }
    entity = name;
  }

  /** Takes the time, epoch milliseconds. */
  void time(long millis) throws BadRecordException {
    if (millis < 0 || millis >= YEAR_2200) {
      throw new BadRecordException(
          "time-absurd",
          "time "
              + millis
              + " ms is before 1970 or after 2199; is the unit of source.time.format right?");
    }
    time = millis;
  }

  /** Takes a reading that is there. */
  void value(double number) throws BadRecordException {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw new BadRecordException(
          "not-a-number", "the value is " + number + "; a missing reading is written as null");
    }
    if (Math.abs(number) > MAX_VALUE) {
      throw new BadRecordException(
          "value-out-of-range", "the value " + number + " is beyond +-" + MAX_VALUE);
    }
    value = number;
  }

  /** Takes a reading that is explicitly missing. */
  void missingValue() {
    value = Double.NaN;
  }
}
