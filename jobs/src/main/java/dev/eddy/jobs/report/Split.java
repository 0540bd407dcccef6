package dev.eddy.jobs.report;

/**
 * Wall clock split, in seconds.
 *
 * @param compute training and scoring
 * @param transfer messages
 * @param averaging what is left of the round: folding, averaging, the outer step
 * @param idle waiting for slower slots
 */
record Split(double compute, double transfer, double averaging, double idle) {
  static final Split ZERO = new Split(0, 0, 0, 0);

  /** A round's split; whatever is not a sensible time counts as none. */
  static Split of(double seconds, double compute, double transfer, double idle) {
    double c = time(compute);
    double t = time(transfer);
    double i = time(idle);
    return new Split(c, t, time(seconds - c - t - i), i);
  }

  private static double time(double seconds) {
    return Double.isFinite(seconds) ? Math.max(0, seconds) : 0;
  }

  Split plus(Split other) {
    return new Split(
        compute + other.compute,
        transfer + other.transfer,
        averaging + other.averaging,
        idle + other.idle);
  }

  Split times(double factor) {
    return new Split(compute * factor, transfer * factor, averaging * factor, idle * factor);
  }

  double total() {
    return compute + transfer + averaging + idle;
  }
}
