package dev.eddy.model.train;

/**
 * What a task adds to the loss when steps are scored: its own errors and those of its baselines, as
 * sums. A metric that speaks for fewer targets than the loss brings its own count along as one more
 * sum.
 */
public interface StepMetrics {
  /** No metrics beside the loss. */
  StepMetrics NONE =
      new StepMetrics() {
        @Override
        public int count() {
          return 0;
        }

        @Override
        public void add(
            TrainingSeries series, int t, float[] output, int outputAt, double[] sums) {}
      };

  /** How many sums it keeps. */
  int count();

  /**
   * Adds one step to the sums. Called for the steps of a stretch of which at least one target is
   * known, in the order of time within the stretch.
   *
   * @param series the series
   * @param t the step
   * @param output the network's output for it, {@code [outputWidth]} from {@code outputAt}. Not
   *     modified
   * @param outputAt where the output begins
   * @param sums {@code [1 + count()]}: index 0 is the loss and not to be touched, the task's are 1,
   *     2, ... Modified
   */
  void add(TrainingSeries series, int t, float[] output, int outputAt, double[] sums);
}
