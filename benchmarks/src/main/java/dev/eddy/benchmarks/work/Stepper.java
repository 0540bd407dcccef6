package dev.eddy.benchmarks.work;

/** An LSTM layer that steps B entities together and carries their state on. */
public interface Stepper extends AutoCloseable {
  /**
   * Makes one step.
   *
   * @param i which of the inputs, from 0 to {@link StepWork#INPUTS} - 1
   */
  void step(int i);

  /** The output of the last step, {@code [B][H]}; not measured. */
  float[] hidden();

  @Override
  default void close() {}
}
