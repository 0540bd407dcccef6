package dev.eddy.jobs.train;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.model.model.Model;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Trains a model in one bounded Flink job and publishes it if it passes the gate. */
public final class TrainJob {
  private TrainJob() {}

  /**
   * Submits the job, waits for its end, and says what came of it.
   *
   * @param config the pipeline
   * @param warmStart a model whose weights training starts from (the live one, when retraining); null starts afresh.
   *     Ignored, with a message to the listener, where its architecture is not the pipeline's
   * @param env where to run, used for nothing else: its parallelism, checkpoints and restarts are set here. Modified
   * @param listener hears of every round
   * @throws IllegalArgumentException before anything is submitted, where the run cannot work: naming the setting
   * @throws TrainingFailedException where the job failed: history missing, too short or constant, broker gone
   * @throws InterruptedException where the waiting thread was interrupted; the job has been cancelled then
   */
  public static TrainResult run(
      PipelineConfig config, Model warmStart, StreamExecutionEnvironment env, ProgressListener listener)
      throws TrainingFailedException, InterruptedException {
    throw new UnsupportedOperationException("being built");
  }
}
