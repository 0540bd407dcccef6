package dev.eddy.jobs.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Quantities as people write them: {@code 10s}, {@code 5 min}, {@code 10%}. */
final class Units {
  private static final Pattern QUANTITY = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([a-zA-Z]+)");

  private static final Map<String, Long> MILLIS =
      Map.ofEntries(
          Map.entry("ms", 1L),
          Map.entry("millis", 1L),
          Map.entry("s", 1_000L),
          Map.entry("sec", 1_000L),
          Map.entry("second", 1_000L),
          Map.entry("seconds", 1_000L),
          Map.entry("m", 60_000L),
          Map.entry("min", 60_000L),
          Map.entry("minute", 60_000L),
          Map.entry("minutes", 60_000L),
          Map.entry("h", 3_600_000L),
          Map.entry("hour", 3_600_000L),
          Map.entry("hours", 3_600_000L),
          Map.entry("d", 86_400_000L),
          Map.entry("day", 86_400_000L),
          Map.entry("days", 86_400_000L));

  private static final Map<String, Long> BYTES =
      Map.of(
          "b", 1L, "bytes", 1L, "kb", 1_000L, "mb", 1_000_000L, "kib", 1_024L, "mib", 1_048_576L);

  private Units() {}

  /**
   * Milliseconds of {@code 10s}, {@code 1h}, {@code 5 min}, {@code 250ms}, {@code 2 days} or a
   * plain 0.
   *
   * @throws NumberFormatException if it is none of these, or not a whole number of milliseconds
   */
  static long millis(String text) {
    return text.strip().equals("0") ? 0 : quantity(text, MILLIS);
  }

  /**
   * Bytes of {@code 1048576}, {@code 64 KiB}, {@code 1MB}.
   *
   * @throws NumberFormatException if it is none of these
   */
  static long bytes(String text) {
    return text.strip().matches("\\d+") ? Long.parseLong(text.strip()) : quantity(text, BYTES);
  }

  /**
   * The share in {@code 10%} or {@code 0.1}.
   *
   * @throws NumberFormatException if it is neither
   */
  static double share(String text) {
    String plain = text.strip();
    if (plain.endsWith("%")) {
      String number = plain.substring(0, plain.length() - 1).strip();
      return new BigDecimal(number).movePointLeft(2).doubleValue();
    }
    return new BigDecimal(plain).doubleValue();
  }

  /** A duration as a person would write it: the largest unit that leaves a whole number. */
  static String duration(long millis) {
    if (millis == 0) {
      return "0";
    }
    for (String unit : new String[] {"d", "h", "m", "s"}) {
      long size = MILLIS.get(unit);
      if (millis % size == 0) {
        return millis / size + (unit.equals("m") ? " min" : unit);
      }
    }
    return millis + "ms";
  }

  private static long quantity(String text, Map<String, Long> units) {
    Matcher matcher = QUANTITY.matcher(text.strip());
    if (matcher.matches()) {
      Long unit = units.get(matcher.group(2).toLowerCase(Locale.ROOT));
      if (unit != null) {
        try {
          return new BigDecimal(matcher.group(1))
              .multiply(BigDecimal.valueOf(unit))
              .longValueExact();
        } catch (ArithmeticException e) {
          throw new NumberFormatException("not a whole number of the smallest unit");
        }
      }
    }
    throw new NumberFormatException("not a quantity with a unit");
  }
}
