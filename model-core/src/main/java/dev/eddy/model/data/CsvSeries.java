package dev.eddy.model.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Series from a CSV file, plain or gzip, with a header line. A field may be quoted ({@code ""}
 * inside stands for a quote), a record does not reach over several lines. An empty field, {@code
 * NaN}, {@code NA} and {@code null} are missing values.
 */
public final class CsvSeries {
  private static final Set<String> MISSING = Set.of("", "NaN", "nan", "NA", "null");

  /**
   * Which columns hold what.
   *
   * @param time column of the time
   * @param format how it is written
   * @param entity column that names the entity; null where columns are melted
   * @param value column of the value; null where columns are melted
   * @param melt columns each of which becomes an entity; empty where an entity column is given
   */
  public record Columns(
      String time, TimeFormat format, String entity, String value, List<String> melt) {
    /** Checks that there is one way to tell the entities. */
    public Columns {
      melt = List.copyOf(melt);
      if (melt.isEmpty() == (entity == null) || (entity == null) != (value == null)) {
        throw new IllegalArgumentException(
            "either an entity and a value column or columns to melt: entity %s, value %s, melt %s"
                .formatted(entity, value, melt));
      }
    }
  }

  private final Path file;
  private final Columns columns;
  private final Map<String, RawSeries> series = new LinkedHashMap<>();
  private int line = 1;

  private CsvSeries(Path file, Columns columns) {
    this.file = file;
    this.columns = columns;
  }

  /**
   * Reads a whole file.
   *
   * @return one series per entity, in order of first appearance
   * @throws IllegalArgumentException naming file, line, column and what was found, where the file
   *     is not as described
   * @throws IOException if it cannot be read
   */
  public static List<RawSeries> read(Path file, Columns columns) throws IOException {
    try (BufferedReader reader = open(file)) {
      CsvSeries csv = new CsvSeries(file, columns);
      csv.read(reader);
      csv.series.values().forEach(RawSeries::trim);
      return List.copyOf(csv.series.values());
    }
  }

  private static BufferedReader open(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    try {
      PushbackInputStream in = new PushbackInputStream(raw, 2);
      byte[] magic = in.readNBytes(2);
      in.unread(magic);
      boolean gzip = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
      InputStream plain = gzip ? new GZIPInputStream(in, 1 << 16) : in;
      return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8), 1 << 16);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  private void read(BufferedReader reader) throws IOException {
    String header = reader.readLine();
    if (header == null) {
      throw new IllegalArgumentException(file + " is empty: a header line was expected");
    }
    List<String> names = split(header.startsWith("\uFEFF") ? header.substring(1) : header);
    int time = column(names, columns.time());
    List<String> valueNames = columns.melt().isEmpty() ? List.of(columns.value()) : columns.melt();
    int[] values = valueNames.stream().mapToInt(name -> column(names, name)).toArray();
    int entity = columns.entity() == null ? -1 : column(names, columns.entity());
    for (String text = reader.readLine(); text != null; text = reader.readLine()) {
      line++;
      if (text.isBlank()) {
        continue;
      }
      List<String> fields = split(text);
      if (fields.size() != names.size()) {
        throw bad("%d fields, the header has %d".formatted(fields.size(), names.size()));
      }
      long at = time(fields.get(time));
      for (int i = 0; i < values.length; i++) {
        String name = entity < 0 ? valueNames.get(i) : fields.get(entity);
        add(name, at, value(valueNames.get(i), fields.get(values[i])));
      }
    }
  }

  private void add(String entity, long time, double value) {
    RawSeries one = series.computeIfAbsent(entity, RawSeries::new);
    if (!one.add(time, value)) {
      throw bad(
          "column '%s': entity '%s' goes back in time, from %d to %d: sort the file by time"
              .formatted(columns.time(), entity, one.time(one.length() - 1), time));
    }
  }

  private long time(String text) {
    try {
      return columns.format().parse(text);
    } catch (IllegalArgumentException e) {
      throw bad("column '%s': %s".formatted(columns.time(), e.getMessage()));
    }
  }

  private double value(String column, String text) {
    String plain = text.strip();
    if (MISSING.contains(plain)) {
      return Double.NaN;
    }
    try {
      double value = Double.parseDouble(plain);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, like a number that is not finite.
    }
    throw bad("column '%s': '%s' is not a finite number".formatted(column, text));
  }

  private int column(List<String> names, String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw bad("no column '%s', only %s".formatted(name, names));
    }
    return index;
  }

  private IllegalArgumentException bad(String what) {
    return new IllegalArgumentException("%s, line %d: %s".formatted(file, line, what));
  }

  private List<String> split(String text) {
    if (text.indexOf('"') < 0) {
      return Arrays.asList(text.split(",", -1));
    }
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    if (quoted) {
      throw bad("a quote is not closed");
    }
    fields.add(field.toString());
    return fields;
  }
}
