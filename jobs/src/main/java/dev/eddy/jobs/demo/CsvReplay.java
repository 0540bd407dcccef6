package dev.eddy.jobs.demo;

import dev.eddy.jobs.config.PipelineConfig;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * A CSV file, plain or gzip, as a stream: every reading in the order of event time, the first so many time stamps as the
 * history, the rest live. The file is held in memory. A cell that is empty, {@code NaN}, {@code NA} or {@code null} is a
 * missing reading; one that is no number goes out as it is, for the pipeline to refuse.
 */
final class CsvReplay implements Readings {
  private final List<String> entities;
  private final List<Outgoing> records;
  private final long liveStart;
  private int next;

  /**
   * Reads the file.
   *
   * @param file plain or gzip, told by its first bytes; the first line names the columns
   * @param source which columns hold time, entity and value, or which are melted into entities
   * @param history how many time stamps are history
   * @throws IllegalArgumentException where the file is not what the configuration says, naming line and column
   * @throws IOException where it cannot be read
   */
  CsvReplay(Path file, PipelineConfig.Source source, int history) throws IOException {
    Map<String, String> names = new LinkedHashMap<>();
    this.records = new ArrayList<>();
    try (BufferedReader reader = open(file)) {
      Columns columns = new Columns(file, split(reader.readLine()), source);
      int number = 1;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          columns.read(split(line), number, names, records);
        }
      }
    }
    this.entities = List.copyOf(names.keySet());
    records.sort(Comparator.comparingLong(Outgoing::time));
    this.liveStart = cut(file, history);
  }

  private long cut(Path file, int history) {
    TreeSet<Long> times = new TreeSet<>();
    for (Outgoing record : records) {
      times.add(record.time());
      if (times.size() > history) {
        return record.time();
      }
    }
    throw new IllegalArgumentException(
        file + " has " + times.size() + " time stamps; demo.history wants " + history
            + " of them as history and needs more for the live part: give a longer file or a smaller demo.history");
  }

  @Override
  public List<String> entities() {
    return entities;
  }

  @Override
  public Outgoing nextHistory() {
    return next < records.size() && records.get(next).time() < liveStart ? records.get(next++) : null;
  }

  @Override
  public Outgoing nextLive() {
    return next < records.size() ? records.get(next++) : null;
  }

  @Override
  public long liveStart() {
    return liveStart;
  }

  @Override
  public long remaining() {
    return records.size() - next;
  }

  private static BufferedReader open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    try {
      in.mark(2);
      boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      InputStream plain = gzip ? new GZIPInputStream(in) : in;
      return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** The cells of a line; quotes may surround a cell and are doubled within. */
  static List<String> split(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    String text = line == null ? "" : line;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
          cell.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else if (c != '\uFEFF') {
        cell.append(c);
      }
    }
    cells.add(cell.toString().strip());
    return cells;
  }

  /** What the header says about where things stand. */
  private static final class Columns {
    private final Path file;
    private final int width;
    private final int time;
    private final int entity;
    private final int[] values;
    private final List<String> melted;
    private final Clock clock;

    Columns(Path file, List<String> header, PipelineConfig.Source source) {
      this.file = file;
      this.width = header.size();
      this.time = column(header, source.time().field(), "source.time");
      this.clock = new Clock(source.time());
      this.melted = source.melt();
      if (melted.isEmpty()) {
        this.entity = column(header, source.entity(), "source.entity");
        this.values = new int[] {column(header, source.value(), "target")};
      } else {
        this.entity = -1;
        this.values = melted.stream().mapToInt(name -> column(header, name, "source.melt")).toArray();
      }
    }

    private int column(List<String> header, String name, String key) {
      int i = header.indexOf(name);
      if (i < 0) {
        throw new IllegalArgumentException(
            file + " has no column '" + name + "' (" + key + "); its columns are " + header);
      }
      return i;
    }

    void read(List<String> cells, int line, Map<String, String> names, List<Outgoing> records) {
      if (cells.size() != width) {
        throw new IllegalArgumentException(
            file + " line " + line + " has " + cells.size() + " cells, the header has " + width);
      }
      long millis;
      try {
        millis = clock.millis(cells.get(time));
      } catch (DateTimeException | NumberFormatException e) {
        throw new IllegalArgumentException(
            file + " line " + line + ": the time '" + cells.get(time) + "' is not of the format " + clock.format, e);
      }
      for (int v = 0; v < values.length; v++) {
        String read = entity < 0 ? melted.get(v) : cells.get(entity);
        String name = names.computeIfAbsent(read, same -> same);
        records.add(record(name, millis, cells.get(values[v])));
      }
    }

    private static Outgoing record(String entity, long millis, String cell) {
      switch (cell.toLowerCase(Locale.ROOT)) {
        case "", "nan", "na", "null":
          return Outgoing.reading(entity, millis, Double.NaN);
        default:
          break;
      }
      try {
        double value = Double.parseDouble(cell);
        if (!Double.isInfinite(value)) {
          return Outgoing.reading(entity, millis, value);
        }
      } catch (NumberFormatException e) {
        // Not a number: sent as it is, below.
      }
      return Outgoing.bad(entity, millis, entity + "," + millis + "," + cell);
    }
  }

  /** Times as the configuration writes them. */
  private static final class Clock {
    private final String format;
    private final ZoneId zone;
    private final DateTimeFormatter pattern;

    Clock(PipelineConfig.Time time) {
      this.format = time.format();
      this.zone = ZoneId.of(time.zone() == null ? "UTC" : time.zone());
      this.pattern =
          switch (format) {
            case "epoch-millis", "epoch-seconds", "iso" -> null;
            default -> DateTimeFormatter.ofPattern(format, Locale.ROOT);
          };
    }

    long millis(String text) {
      return switch (format) {
        case "epoch-millis" -> Long.parseLong(text);
        case "epoch-seconds" -> Math.multiplyExact(Long.parseLong(text), 1000L);
        case "iso" -> iso(text);
        default -> LocalDateTime.parse(text, pattern).atZone(zone).toInstant().toEpochMilli();
      };
    }

    private long iso(String text) {
      if (text.endsWith("Z")) {
        return Instant.parse(text).toEpochMilli();
      }
      try {
        return OffsetDateTime.parse(text).toInstant().toEpochMilli();
      } catch (DateTimeException e) {
        return LocalDateTime.parse(text).atZone(zone).toInstant().toEpochMilli();
      }
    }
  }
}
