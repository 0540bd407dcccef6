package dev.eddy.model.data;

/**
 * A causal scale that is kept nowhere: it is computed again on the way along a series, from the
 * last of some places where it was noted down. For the rare reader who asks for another window than
 * the one a series was stored with. Threads may share it.
 */
final class WalkingScale {
  private static final int EVERY = 256;

  private final RawSeries series;
  private final RunningScale scale;
  private final double[] notes; // [length / EVERY + 1][3] before reading 0, EVERY, 2 EVERY, ...
  private int noted; // how many of them
  private int next; // the scale stands before this reading

  /** A scale before the first reading. */
  WalkingScale(RawSeries series, int window) {
    this.series = series;
    this.scale = new RunningScale(window);
    this.notes = new double[(series.length() / EVERY + 1) * RunningScale.STATE];
  }

  synchronized double mean(int t) {
    walk(t);
    return scale.mean();
  }

  synchronized double std(int t) {
    walk(t);
    return scale.std();
  }

  private void walk(int t) {
    if (t < next - 1) {
      int note = t / EVERY;
      scale.load(notes, note * RunningScale.STATE);
      next = note * EVERY;
    }
    for (; next <= t; next++) {
      if (next == noted * EVERY) {
        scale.save(notes, noted * RunningScale.STATE);
        noted++;
      }
      scale.add(series.value(next));
    }
  }
}
