package dev.eddy.model.train;

/**
 * A part of a series: its steps [from, to) are learned from or scored. Steps before {@code from}
 * serve to warm the state. Whoever cuts a series sees to it that the targets of the last steps do
 * not reach into the next stretch.
 *
 * @param series the whole series
 * @param from first step
 * @param to the step after the last
 */
public record Stretch(TrainingSeries series, int from, int to) {

  /** Checks that the steps lie within the series. */
  public Stretch {
    if (from < 0 || to < from || to > series.length()) {
      throw new IllegalArgumentException(
          "stretch [%d, %d) does not lie within series '%s' of %d steps"
              .formatted(from, to, series.name(), series.length()));
    }
  }

  /** How many steps. */
  public int length() {
    return to - from;
  }
}
