package dev.eddy.jobs.train;

/** Hears how a training run is getting on, on the thread that waits for it. */
@FunctionalInterface
public interface ProgressListener {
  /** Hears nothing. */
  ProgressListener NONE = progress -> {};

  /** What is known before the first round; called at most once, before any round. */
  default void header(RunHeader header) {}

  /** Called at every step forward, rounds in ascending order, each at most once. */
  void progress(TrainProgress progress);

  /** A round is complete; called before the progress that it brings. */
  default void round(RoundReport round) {}
}
