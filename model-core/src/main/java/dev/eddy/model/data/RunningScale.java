package dev.eddy.model.data;

/** A {@link CausalScale} on its way through a series. Not thread-safe. */
final class RunningScale {
  /** Numbers that hold all of it. */
  static final int STATE = 3;

  private final int window;
  private double count;
  private double mean;
  private double squares;

  /** A scale before the first reading. */
  RunningScale(int window) {
    this.window = window;
  }

  /** Takes in a reading; a missing one leaves the scale as it is. */
  void add(double value) {
    if (!CausalScale.observed(value)) {
      return;
    }
    boolean full = count >= window;
    count = CausalScale.count(count, window);
    double before = mean;
    mean = CausalScale.mean(count, before, value);
    squares = CausalScale.squares(full, window, before, mean, squares, value);
  }

  /** Back to before the first reading. */
  void reset() {
    count = 0;
    mean = 0;
    squares = 0;
  }

  double mean() {
    return mean;
  }

  double std() {
    return CausalScale.std(count, mean, squares);
  }

  /** Writes the state to into[at .. at + STATE). into: Modified. */
  void save(double[] into, int at) {
    into[at] = count;
    into[at + 1] = mean;
    into[at + 2] = squares;
  }

  /** Goes back to a state that was saved. */
  void load(double[] from, int at) {
    count = from[at];
    mean = from[at + 1];
    squares = from[at + 2];
  }
}
