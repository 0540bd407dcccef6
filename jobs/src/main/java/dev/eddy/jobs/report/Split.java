package dev.eddy.jobs.report;

import dev.eddy.jobs.train.RoundReport;

/**
 * Wall clock split, in seconds.
 *
 * @param compute training and scoring
 * @param transfer messages, and the averaging of what they brought
 * @param idle waiting for slower slots
 */
record Split(double compute, double transfer, double idle) {
  static final Split ZERO = new Split(0, 0, 0);

  /** A slot's part of a round; whatever is not a sensible time counts as none. */
  static Split of(RoundReport.Slot slot) {
    return new Split(time(slot.compute()), time(slot.transfer()), time(slot.idle()));
  }

  private static double time(double seconds) {
    return Double.isFinite(seconds) ? Math.max(0, seconds) : 0;
  }

  Split plus(Split other) {
    return new Split(compute + other.compute, transfer + other.transfer, idle + other.idle);
  }

  Split times(double factor) {
    return new Split(compute * factor, transfer * factor, idle * factor);
  }

  double total() {
    return compute + transfer + idle;
  }
}
