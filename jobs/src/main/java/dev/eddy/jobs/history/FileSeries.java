package dev.eddy.jobs.history;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.model.data.RawSeries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Files as series in memory, all that they hold and entities in the order of their first
 * appearance: for a backtest or a replay, which cut by rows.
 */
public final class FileSeries {
  private final Map<String, RawSeries> series = new LinkedHashMap<>();
  private long readings;
  private long bad;
  private long late;
  private String first;

  private FileSeries() {}

  /**
   * Reads a source's files.
   *
   * @throws UnusableHistoryException if they are not what the configuration says
   * @throws UncheckedIOException if they cannot be read
   */
  public static FileSeries read(PipelineConfig.Source source) {
    FileSeries all = new FileSeries();
    try {
      FileHistory.read(source, FileSet.of(source.files()), all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "source.file: %s cannot be listed: %s".formatted(source.files(), e.getMessage()), e);
    }
    all.series.values().forEach(RawSeries::trim);
    return all;
  }

  private void add(Parsed record) {
    readings++;
    if (record instanceof Parsed.Event event) {
      if (!series
          .computeIfAbsent(event.entity(), RawSeries::new)
          .add(event.time(), event.value())) {
        late++;
        note(
            event.position().topic(),
            "entity '%s' goes back in time, to %s"
                .formatted(event.entity(), Instant.ofEpochMilli(event.time())));
      }
    } else if (record instanceof Parsed.BadRecord found) {
      bad++;
      note(found.position().topic(), found.detail());
    }
  }

  private void note(String file, String what) {
    if (first == null) {
      first = file + ", " + what;
    }
  }

  /** One per entity. */
  public List<RawSeries> series() {
    return new ArrayList<>(series.values());
  }

  /** What was left out, for people; empty if nothing was. */
  public Optional<String> leftOut() {
    return bad + late == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "of %,d readings %,d are bad and %,d come after later ones; they are left out (the first: %s)",
                readings,
                bad,
                late,
                first));
  }
}
