package dev.eddy.model.data;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/**
 * Turns the text of a time into epoch milliseconds. Immutable and thread-safe.
 *
 * <p>Formats: {@code epoch-millis}, {@code epoch-seconds} (a fraction is allowed), {@code iso}
 * (with or without offset, with T or a space, or a date alone), or a {@link DateTimeFormatter}
 * pattern. What carries no offset of its own is a local time of the zone.
 */
public final class TimeFormat {
  private static final int MAX_DIGITS = 1000; // far beyond what a time needs

  private enum Kind {
    MILLIS,
    SECONDS,
    ISO,
    PATTERN
  }

  private final String format;
  private final ZoneId zone;
  private final Kind kind;
  private final DateTimeFormatter pattern; // null unless kind is PATTERN

  private TimeFormat(String format, ZoneId zone, Kind kind, DateTimeFormatter pattern) {
    this.format = format;
    this.zone = zone;
    this.kind = kind;
    this.pattern = pattern;
  }

  /**
   * A format.
   *
   * @param format one of the names above, or a pattern
   * @param zone zone of local times, for example {@code UTC} or {@code Europe/Zurich}
   * @throws IllegalArgumentException if format or zone are not understood
   */
  public static TimeFormat of(String format, String zone) {
    ZoneId zoneId;
    try {
      zoneId = ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "time zone '%s' is not known: %s".formatted(zone, e.getMessage()), e);
    }
    return switch (format) {
      case "epoch-millis" -> new TimeFormat(format, zoneId, Kind.MILLIS, null);
      case "epoch-seconds" -> new TimeFormat(format, zoneId, Kind.SECONDS, null);
      case "iso" -> new TimeFormat(format, zoneId, Kind.ISO, null);
      default -> new TimeFormat(format, zoneId, Kind.PATTERN, formatter(format));
    };
  }

  private static DateTimeFormatter formatter(String pattern) {
    try {
      return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "time format must be epoch-millis, epoch-seconds, iso or a java.time pattern, got '%s': %s"
              .formatted(pattern, e.getMessage()),
          e);
    }
  }

  /**
   * The time that a text says.
   *
   * @return epoch milliseconds
   * @throws IllegalArgumentException naming the text and the format, if it is no time of this
   *     format
   */
  public long parse(String text) {
    try {
      return switch (kind) {
        case MILLIS -> Long.parseLong(text.strip());
        case SECONDS -> seconds(text.strip());
        case ISO -> iso(text.strip());
        case PATTERN -> millis(pattern.parse(text.strip()));
      };
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "'%s' is not a time of format %s".formatted(text, format), e);
    }
  }

  /** Bounded, because the digits of 1e999999999 would take minutes and all memory. */
  private static long seconds(String text) {
    BigDecimal seconds = text.length() > MAX_DIGITS ? null : new BigDecimal(text);
    if (seconds == null || Math.abs((long) seconds.scale()) > MAX_DIGITS) {
      throw new ArithmeticException("no number of seconds");
    }
    return seconds.movePointRight(3).setScale(0, RoundingMode.FLOOR).longValueExact();
  }

  private long iso(String text) {
    if (text.length() == 10) {
      return LocalDate.parse(text).atStartOfDay(zone).toInstant().toEpochMilli();
    }
    String normal =
        text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
    if (normal.endsWith("Z") && normal.length() > "2026-01-31T13:00Z".length()) {
      return Instant.parse(normal).toEpochMilli(); // which wants the seconds
    }
    try {
      return LocalDateTime.parse(normal).atZone(zone).toInstant().toEpochMilli();
    } catch (DateTimeParseException e) {
      return OffsetDateTime.parse(normal).toInstant().toEpochMilli();
    }
  }

  private long millis(TemporalAccessor parsed) {
    if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
      return Instant.from(parsed).toEpochMilli();
    }
    LocalDate date = LocalDate.from(parsed);
    LocalTime time = parsed.query(TemporalQueries.localTime());
    LocalDateTime local = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
    return local.atZone(zone).toInstant().toEpochMilli();
  }

  @Override
  public String toString() {
    return format + " in " + zone;
  }
}
