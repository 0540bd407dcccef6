package dev.eddy.benchmarks.work;

/**
 * A library that does the work, at its best setting. One process holds one contender, so that
 * libraries do not share settings, threads or compiled code.
 */
public interface Contender {
  /** The layer of the work's {@link StepWork#weights()}, its state zero. */
  Stepper stepper(StepWork work) throws Exception;

  /** The network of the work's {@link TrainWork#weights()}, its moments zero. */
  Learner learner(TrainWork work) throws Exception;

  /** Learns to forecast series. */
  default SeriesLearner seriesLearner(SeriesWork work) throws Exception {
    throw new UnsupportedOperationException(
        getClass().getSimpleName() + " takes no part in training on series");
  }
}
