package dev.eddy.jobs.history;

import dev.eddy.jobs.config.PipelineConfig;
import java.nio.file.Path;

/** A pipeline's history, wherever it lies: in files where the configuration names some. */
public final class History {
  private History() {}

  /**
   * Fixes what a run sees: all that is there now.
   *
   * @throws UnusableHistoryException if there is nothing, saying what is missing
   */
  public static HistoryRange resolve(PipelineConfig config) {
    return config.source().files().isEmpty()
        ? KafkaHistory.resolve(config)
        : FileHistory.resolve(config);
  }

  /**
   * Loads what lies in a range. May take long; stops where the thread is interrupted.
   *
   * @throws UnusableHistoryException if it is gone by now, or no history that can be trained on
   */
  public static LoadedHistory load(PipelineConfig config, HistoryRange range) {
    StoredHistory history = read(config, range, Path.of(System.getProperty("java.io.tmpdir")));
    return history.open(history::close);
  }

  /**
   * The same, once for all readers of a run in this process: the first one loads, the others wait
   * for it.
   *
   * @param run names the run
   * @param temporary directory for what has no room in {@code training.memory}
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  public static LoadedHistory share(
      String run, PipelineConfig config, HistoryRange range, Path temporary) throws Exception {
    return SharedHistories.open(
        new SharedHistories.Key(run, range), () -> read(config, range, temporary));
  }

  private static StoredHistory read(PipelineConfig config, HistoryRange range, Path temporary) {
    try (HistoryBuilder history = new HistoryBuilder(config, range.where(), temporary)) {
      if (range instanceof HistoryRange.Topic topic) {
        KafkaHistory.read(config, topic, history);
      } else if (range instanceof HistoryRange.Files files) {
        // One partition: the order of an entity's readings holds across all files.
        FileHistory.read(config.source(), files, record -> history.add(record, 0));
      }
      StoredHistory stored = history.finish();
      if (stored.store().readings() == 0) {
        throw new UnusableHistoryException(
            "%s has no reading to train on: %s".formatted(range.where(), stored.summary()));
      }
      return stored;
    }
  }
}
