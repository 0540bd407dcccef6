package dev.eddy.benchmarks.cluster;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.model.data.RawSeries;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastTraining;
import dev.eddy.model.train.LocalTraining;
import dev.eddy.model.train.Progress;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is trained: an LSTM that forecasts a day ahead, by the absolute error of the median, in
 * sequences of 48 steps from a fresh state, 32 at a time.
 *
 * @param units H of each layer
 * @param layers how many
 * @param shards virtual workers
 * @param localSteps optimiser steps of each in a round
 * @param rounds how many
 * @param meters the history
 */
record Setting(int units, int layers, int shards, int localSteps, int rounds, Meters meters) {
  /** Sequences stepped together. */
  static final int BATCH = 32;

  /** Steps of a sequence. */
  static final int CHUNK = 48;

  /** Targets of a step: a sample is one step, whatever the horizon. */
  static final int HORIZON = 24;

  /** Where the weights start, whoever trains them. */
  static final long SEED = 1;

  /** Adam's, at the peak of its schedule. */
  static final double RATE = 0.004;

  /** The topic of the history. */
  static final String TOPIC = "meters";

  /** The pipeline on a broker, on so many slots. */
  PipelineConfig config(String bootstrap, int slots) {
    String yaml =
        """
        name: bench
        kafka: {bootstrap: '%s'}
        source: {topic: %s, entity: meter, time: {field: ts}}
        target: kwh
        forecast: {horizon: %d, step: 1h, quantiles: [0.5], seasons: [24, 168], skip: none}
        network: [%s]
        training:
          {shards: %d, parallelism: %d, local-steps: %d, rounds: %d, patience: %d, batch: %d,
           chunk: %d, warmup: 0, learning-rate: %s, clip-norm: 1e9, validation: 10%%, gate: 5%%,
           seed: %d, max-retries: 0}
        """
            .formatted(
                bootstrap,
                TOPIC,
                HORIZON,
                String.join(", ", Collections.nCopies(layers, "{lstm: {units: " + units + "}}")),
                shards,
                slots,
                localSteps,
                rounds,
                rounds + 1,
                BATCH,
                CHUNK,
                RATE,
                SEED);
    return ConfigLoader.parse(yaml);
  }

  /** How the history is cut, encoded and dealt to the shards. */
  ForecastTraining plan() {
    PipelineConfig config = config("nowhere:9092", 1);
    List<RawSeries> series = meters.series();
    ForecastTraining.Cut cut =
        ForecastTraining.Cut.of(
            config.forecast(), series, config.training().validation(), config.training().gate());
    return new ForecastTraining(config.forecast(), config.training().spec(), cut, series);
  }

  /** The weights that every run starts from. */
  float[] start() {
    return ForecastNetwork.build(config("nowhere:9092", 1).forecast()).initialWeights(SEED);
  }

  /** Trains in this process, without Flink. */
  void trainLocally(ForecastTraining plan, int threads, Consumer<Progress> listener) {
    LocalTraining.run(
        plan.setup(KernelSelection.kernels()), plan.shards(), start(), threads, listener);
  }

  /** Steps learned from in so many rounds, all shards together. */
  long samples(int ofRounds) {
    return (long) ofRounds * shards * localSteps * BATCH * CHUNK;
  }

  /** Bytes of the weights. */
  long weightBytes() {
    return (long) start().length * Float.BYTES;
  }
}
