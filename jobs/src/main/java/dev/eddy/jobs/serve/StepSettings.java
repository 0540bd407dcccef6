package dev.eddy.jobs.serve;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.config.PipelineConfig.Swap;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.io.Serializable;

/**
 * What of a pipeline's configuration the step operator needs.
 *
 * @param pipeline its name, which is the model's
 * @param task what is forecast
 * @param swap what a change of model does to an entity's state
 * @param batchSize events stepped together at most
 * @param lingerMillis how long an event waits for others at most; 0 steps each event at once
 * @param maxDelayMillis how long, by the entity's own event clock, an event waits to be put in
 *     order; 0 not at all
 * @param gapReset steps of silence after which an entity starts anew; 0 never
 */
public record StepSettings(
    String pipeline,
    ForecastSpec task,
    Swap swap,
    int batchSize,
    long lingerMillis,
    long maxDelayMillis,
    int gapReset)
    implements Serializable {

  /** Refuses what cannot work. */
  public StepSettings {
    if (batchSize < 1 || lingerMillis < 0 || maxDelayMillis < 0 || gapReset < 0) {
      throw new IllegalArgumentException(
          "step operator of '%s': batch size %d must be at least 1, linger %d ms, max delay %d ms and gap reset %d at least 0"
              .formatted(pipeline, batchSize, lingerMillis, maxDelayMillis, gapReset));
    }
  }

  /** The part of a configuration that concerns the operator. */
  public static StepSettings of(PipelineConfig config) {
    PipelineConfig.Serving serving = config.serving();
    return new StepSettings(
        config.name(),
        config.forecast(),
        serving.swap(),
        serving.batchSize(),
        serving.lingerMillis(),
        serving.maxDelayMillis(),
        serving.gapReset());
  }
}
