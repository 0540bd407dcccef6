package dev.eddy.jobs.train;

/** Hears how a training run is getting on; called on the thread that waits for the run. */
@FunctionalInterface
public interface ProgressListener {
  /** Hears nothing. */
  ProgressListener NONE = progress -> {};

  /** Called at every step forward, rounds in ascending order, each at most once. */
  void progress(TrainProgress progress);
}
