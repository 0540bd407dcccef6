package dev.eddy.benchmarks.learn;

import dev.eddy.model.train.FitListener;
import dev.eddy.model.train.History;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Something to be learned. */
interface Experiment {
  /** What {@code ./eddy bench learn} calls it. */
  String name();

  /** What is learned, from what, by which network. */
  String description();

  /** The ways of learning it that are compared; most experiments have one. */
  List<String> variants();

  /** What is measured on the test part, and what it should come to. */
  Bar bar(String variant);

  /** Learns it once. */
  Outcome run(String variant, long seed, int threads, FitListener listener) throws IOException;

  /**
   * A measure and what it should come to.
   *
   * @param measure its name among an outcome's
   * @param atLeast whether more is better
   * @param value of the bar; NaN for none
   */
  record Bar(String measure, boolean atLeast, double value) {
    boolean met(double mean) {
      return atLeast ? mean >= value : mean <= value;
    }
  }

  /**
   * What came out.
   *
   * @param test measures on the test part, taken once, with the weights that the fit chose
   * @param validation the same on the validation part
   * @param steps of the optimiser
   * @param weights how many there are
   * @param history the learning curve
   */
  record Outcome(
      Map<String, Double> test,
      Map<String, Double> validation,
      long steps,
      int weights,
      History history) {}
}
