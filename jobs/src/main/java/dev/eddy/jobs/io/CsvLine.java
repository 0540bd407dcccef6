package dev.eddy.jobs.io;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One line of comma-separated values (RFC 4180 quotes), cut into its columns. Reused from line to
 * line.
 */
final class CsvLine {
  static final int MAX_COLUMNS = 10_000;

  private final List<String> columns = new ArrayList<>();

  /**
   * Takes in a line.
   *
   * @param bytes UTF-8, with or without the line's end
   * @return its columns, valid until the next call
   */
  List<String> split(byte[] bytes) throws BadRecordException {
    String line = decode(bytes);
    columns.clear();
    int at = 0;
    while (at <= line.length()) {
      if (columns.size() == MAX_COLUMNS) {
        throw new BadRecordException("malformed", "more than " + MAX_COLUMNS + " columns");
      }
      at = at < line.length() && line.charAt(at) == '"' ? quoted(line, at) : plain(line, at);
    }
    return columns;
  }

  /**
   * Takes the reading in a column.
   *
   * @param column its name or number, for messages
   * @param missing texts that stand for a missing reading
   */
  static void value(String column, String found, Set<String> missing, EventFields fields)
      throws BadRecordException {
    String text = found.strip();
    if (missing.contains(text)) {
      fields.missingValue();
    } else if (JsonEventReader.isNotANumber(text)) {
      fields.value(Double.NaN);
    } else {
      fields.value(number(column, text));
    }
  }

  private static double number(String column, String text) throws BadRecordException {
    // parseDouble alone would take "1d" and hexadecimal numbers for numbers.
    boolean plain = text.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0);
    try {
      if (plain) {
        return Double.parseDouble(text);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new BadRecordException(
        "wrong-type",
        "column " + column + " must be a number or empty, not " + BadRecordException.quote(text));
  }

  private static String decode(byte[] bytes) throws BadRecordException {
    try {
      String line = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      int end = line.length();
      while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
        end--;
      }
      return line.substring(0, end);
    } catch (CharacterCodingException e) {
      throw new BadRecordException("malformed", "the record is not UTF-8");
    }
  }

  private int plain(String line, int from) throws BadRecordException {
    int comma = line.indexOf(',', from);
    int end = comma < 0 ? line.length() : comma;
    String text = line.substring(from, end);
    if (text.indexOf('\n') >= 0 || text.indexOf('"') >= 0) {
      throw new BadRecordException(
          "malformed", "a quote or a second line in column " + (columns.size() + 1));
    }
    columns.add(text);
    return end + 1;
  }

  private int quoted(String line, int from) throws BadRecordException {
    StringBuilder text = new StringBuilder();
    int at = from + 1;
    while (true) {
      int quote = line.indexOf('"', at);
      if (quote < 0) {
        throw new BadRecordException(
            "malformed", "the quote of column " + (columns.size() + 1) + " is never closed");
      }
      text.append(line, at, quote);
      at = quote + 1;
      if (at < line.length() && line.charAt(at) == '"') {
        text.append('"');
        at++;
      } else if (at == line.length() || line.charAt(at) == ',') {
        columns.add(text.toString());
        return at + 1;
      } else {
        throw new BadRecordException(
            "malformed", "text after the quote of column " + (columns.size() + 1));
      }
    }
  }
}
