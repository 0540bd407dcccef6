package dev.eddy.jobs.history;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.history.HistoryRange.FilePart;
import dev.eddy.jobs.io.BadFileException;
import dev.eddy.jobs.io.EventFile;
import dev.eddy.jobs.io.Parsed;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * A history in files, read in the order of their names: an entity's readings may lie in several of
 * them, in the order of time. What comes late is left out, as from a topic.
 *
 * <p>Bad rows are counted; but a file of which more than half is bad is not what the configuration
 * says, and ends the run.
 */
final class FileHistory {
  /** Fits into a message of Flink, however small these may be for a training job. */
  private static final int MAX_MESSAGE = 1 << 20;

  private final PipelineConfig.Source source;
  private final Consumer<Parsed> out;
  private long read;
  private long records;
  private long bad;
  private Parsed.BadRecord firstBad;

  private FileHistory(PipelineConfig.Source source, Consumer<Parsed> out) {
    this.source = source;
    this.out = out;
  }

  /**
   * The files that are there now.
   *
   * @throws UnusableHistoryException if there are none
   */
  static HistoryRange.Files resolve(PipelineConfig config) {
    PipelineConfig.Source source = config.source();
    try {
      HistoryRange.Files range = FileSet.of(source.files());
      requireSmall(range);
      return range;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "source.file: %s cannot be listed: %s".formatted(source.files(), e.getMessage()), e);
    }
  }

  /**
   * Reads all files of a range.
   *
   * @throws UnusableHistoryException if one is gone, has changed, or is not what the configuration
   *     says
   */
  static void read(PipelineConfig.Source source, HistoryRange.Files range, Consumer<Parsed> out) {
    FileHistory reading = new FileHistory(source, out);
    for (FilePart file : range.files()) {
      try {
        reading.read(file);
      } catch (BadFileException e) {
        throw new UnusableHistoryException(e.getMessage());
      } catch (FileNotFoundException e) {
        throw new UnusableHistoryException(
            "%s was there when this run began and is not any more: train again"
                .formatted(file.path()));
      } catch (IOException e) {
        throw new UncheckedIOException(
            "%s cannot be read: %s".formatted(file.path(), e.getMessage()), e);
      }
    }
  }

  /**
   * Every reader is told the names of all files, in one message.
   *
   * @throws UnusableHistoryException if they do not fit
   */
  static void requireSmall(HistoryRange.Files range) throws IOException {
    DataOutputSerializer bytes = new DataOutputSerializer(1 << 12);
    range.write(bytes);
    if (bytes.length() > MAX_MESSAGE) {
      throw new UnusableHistoryException(
          "source.file: the names of %,d files take %,d bytes, at most %,d are allowed: merge the files, or shorten what differs in their names"
              .formatted(range.files().size(), bytes.length(), MAX_MESSAGE));
    }
  }

  private void read(FilePart file) throws IOException {
    records = 0;
    bad = 0;
    firstBad = null;
    requireSame(file);
    read = EventFile.read(source, new Path(file.path()), read, this::take);
    requireSame(file); // not while it was read either
    if (bad > records / 2) {
      throw new UnusableHistoryException(
          String.format(
              Locale.ROOT,
              "%s: %,d of %,d readings are bad; the first: %s%s. Is source.format (%s) right, and are source.entity, source.time, target or source.melt?",
              file.path(),
              bad,
              records,
              firstBad.detail(),
              firstBad.value() == null
                  ? ""
                  : " in '" + new String(firstBad.value(), StandardCharsets.UTF_8) + "'",
              source.format()));
    }
  }

  private void take(Parsed record) {
    if ((records & 1023) == 0 && Thread.currentThread().isInterrupted()) {
      throw new UncheckedIOException(new InterruptedIOException("interrupted while reading files"));
    }
    records++;
    if (record instanceof Parsed.BadRecord found) {
      bad++;
      firstBad = firstBad == null ? found : firstBad;
    }
    out.accept(record);
  }

  private static void requireSame(FilePart file) throws IOException {
    FilePart now = FileSet.status(file.path());
    if (!now.equals(file)) {
      throw new UnusableHistoryException(
          String.format(
              Locale.ROOT,
              "%s has changed since this run began (%,d bytes then, %,d now): what a run sees must stay as it is; train again when the file is complete",
              file.path(),
              file.length(),
              now.length()));
    }
  }
}
