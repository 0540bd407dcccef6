package dev.eddy.jobs.forecast;

import dev.eddy.jobs.config.PipelineConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The streaming job that forecasts every entity of a topic. */
public final class ForecastJob {
  private ForecastJob() {}

  /**
   * The job of a pipeline against its Kafka. Reads the models topic once: the job starts with the model that is live
   * now, and follows the topic from there.
   *
   * @throws NoLiveModelException if there is nothing to serve
   */
  public static ForecastJob of(PipelineConfig config) throws NoLiveModelException {
    throw new UnsupportedOperationException("being built");
  }

  /** Puts the job's operators and settings into an environment; the caller executes it. */
  public void build(StreamExecutionEnvironment env) {
    throw new UnsupportedOperationException("being built");
  }
}
