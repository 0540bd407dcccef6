package dev.eddy.jobs.io;

/**
 * Why a record cannot be used. Only between the readers and {@link EventDeserializer}, which makes
 * a {@link Parsed.BadRecord} of it; without a stack trace, because poison comes in floods.
 */
final class BadRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int QUOTED = 80;

  private final String reason;

  BadRecordException(String reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  /** Short and countable. */
  String reason() {
    return reason;
  }

  /** A text from outside, cut to a length that fits into a message. */
  static String quote(String text) {
    return text.length() <= QUOTED ? "'" + text + "'" : "'" + text.substring(0, QUOTED) + "...'";
  }
}
