package dev.eddy.model.optim;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;

/**
 * The learning rate along a run: an immutable record, spelled {@code {kind: {parameter: value}}} in
 * configurations and checkpoints ({@link OptimKinds}). Steps count from 0. What a schedule must
 * remember (only {@link Plateau} does) is a {@code double[]} that belongs to the caller, so that a
 * run can be stopped and resumed.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
public interface Schedule extends Serializable {
  /** The name in configurations and checkpoints, for example {@code cosine}. */
  String kind();

  /**
   * The rate of one step.
   *
   * @param base the rate that the schedule shapes, mostly its peak
   * @param step 0, 1, ...
   * @param state of {@link #newState}. Not modified
   */
  double rate(double base, long step, double[] state);

  /** Steps that it is laid over; 0 for a schedule without an end. */
  default long length() {
    return 0;
  }

  /**
   * The same shape laid over another number of steps; the same where it has no end.
   *
   * @param steps at least 1
   */
  default Schedule over(long steps) {
    return this;
  }

  /** What it remembers, before the first step; empty for a schedule that follows from the step. */
  default double[] newState() {
    return new double[0];
  }

  /** Takes note of a validation loss. state: Modified. */
  default void validated(double loss, double[] state) {}
}
