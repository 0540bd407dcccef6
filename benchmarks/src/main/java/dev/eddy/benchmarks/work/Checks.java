package dev.eddy.benchmarks.work;

/** A contender that computes something else is no contender. */
final class Checks {
  private Checks() {}

  /** Throws IllegalStateException where a value is further than tolerance from the reference. */
  static void close(String contender, double[] reference, float[] got, double tolerance) {
    double difference = Doubles.difference(reference, got);
    if (!(difference <= tolerance)) {
      throw new IllegalStateException(
          "%s differs from the double-precision reference by %.2e, allowed are %.0e"
              .formatted(contender, difference, tolerance));
    }
  }

  /** The mean squared error over all batches. */
  static double squaredError(Learner learner) {
    double sum = 0;
    for (int i = 0; i < TrainWork.BATCHES; i++) {
      float[] y = TrainWork.targets(i);
      float[] got = learner.predict(i);
      for (int b = 0; b < y.length; b++) {
        double error = (double) got[b] - y[b];
        sum += error * error;
      }
    }
    return sum / TrainWork.BATCHES / TrainWork.BATCH;
  }

  /** Throws IllegalStateException unless the error became smaller. */
  static void learned(String contender, double before, double after) {
    System.err.printf("%s: squared error %.4f, then %.4f%n", contender, before, after);
    if (!(after < before)) {
      throw new IllegalStateException(
          "%s does not learn: squared error %.4f before, %.4f after"
              .formatted(contender, before, after));
    }
  }
}
