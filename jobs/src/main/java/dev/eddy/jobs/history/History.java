package dev.eddy.jobs.history;

import dev.eddy.jobs.config.PipelineConfig;

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
    HistoryBuilder history = new HistoryBuilder(config, range.where());
    if (range instanceof HistoryRange.Topic topic) {
      KafkaHistory.read(config, topic, history);
    } else if (range instanceof HistoryRange.Files files) {
      // One partition: the order of an entity's readings holds across all files.
      FileHistory.read(config.source(), files, record -> history.add(record, 0));
    }
    LoadedHistory loaded = history.finish();
    if (loaded.series().stream().allMatch(series -> series.length() == 0)) {
      throw new UnusableHistoryException(
          "%s has no reading to train on: %s".formatted(range.where(), loaded.summary()));
    }
    return loaded;
  }
}
