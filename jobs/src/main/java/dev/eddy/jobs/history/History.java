package dev.eddy.jobs.history;

import dev.eddy.jobs.config.PipelineConfig;

/** A pipeline's history, wherever it lies. */
public final class History {
  private History() {}

  /**
   * Fixes what a run sees: all that is there now.
   *
   * @throws UnusableHistoryException if there is nothing, saying what is missing
   */
  public static HistoryRange resolve(PipelineConfig config) {
    return KafkaHistory.resolve(config);
  }

  /**
   * Loads what lies in a range. May take long; stops where the thread is interrupted.
   *
   * @throws UnusableHistoryException if it is gone by now, or no history that can be trained on
   */
  public static LoadedHistory load(PipelineConfig config, HistoryRange range) {
    return KafkaHistory.load(config, range);
  }
}
