package dev.eddy.model.task.forecast;

import dev.eddy.model.data.CausalScale;

/** The causal scale of a {@link ForecastState}, advanced reading by reading. */
final class Scales {
  private Scales() {}

  /** Takes one reading into the scale; a missing one leaves it as it is. state: Modified. */
  static void add(ForecastState state, double value, int window) {
    if (!ForecastEncoder.observed(value)) {
      return;
    }
    boolean full = state.scaleCount >= window;
    double count = CausalScale.count(state.scaleCount, window);
    double before = state.scaleMean;
    double after = CausalScale.mean(count, before, value);
    state.scaleSquares =
        CausalScale.squares(full, window, before, after, state.scaleSquares, value);
    state.scaleMean = after;
    state.scaleCount = count;
  }

  /** Takes a reading that leaves the ring into the base. state: Modified. */
  static void addToBase(ForecastState state, Reading reading, int window) {
    ForecastState base = new ForecastState();
    toBase(state, base);
    add(base, reading.value(), window);
    state.baseCount = base.scaleCount;
    state.baseMean = base.scaleMean;
    state.baseSquares = base.scaleSquares;
    state.baseTime = reading.time();
    state.baseStep++;
  }

  /** Puts scale and time of {@code to} where the base of {@code from} stands. to: Modified. */
  static void toBase(ForecastState from, ForecastState to) {
    to.scaleCount = from.baseCount;
    to.scaleMean = from.baseMean;
    to.scaleSquares = from.baseSquares;
    to.lastTime = from.baseTime;
  }

  /** The spread that the state stands at. */
  static double std(ForecastState state) {
    return CausalScale.std(state.scaleCount, state.scaleMean, state.scaleSquares);
  }
}
