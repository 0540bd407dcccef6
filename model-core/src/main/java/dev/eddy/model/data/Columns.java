package dev.eddy.model.data;

/**
 * Readings that follow one another in a {@link SeriesFile}, and the scale after each. Nobody writes
 * to the arrays.
 *
 * @param times {@code [n]} epoch milliseconds
 * @param values {@code [n]} NaN where missing
 * @param means {@code [n]} of the scale after the reading
 * @param stds {@code [n]} of the scale after the reading
 */
record Columns(long[] times, double[] values, double[] means, double[] stds) {
  /** What a reading takes: four numbers of eight bytes. */
  static final int READING_BYTES = 32;

  /** The objects around n readings: this one, a {@link Page}, and the heads of four arrays. */
  static final int OVERHEAD_BYTES = 128;

  /** Room for n readings. */
  Columns(int n) {
    this(new long[n], new double[n], new double[n], new double[n]);
  }

  /** The columns that are not times. */
  double[][] numbers() {
    return new double[][] {values, means, stds};
  }
}
