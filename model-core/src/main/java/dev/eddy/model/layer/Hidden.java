package dev.eddy.model.layer;

/**
 * The output part h of states as the products with U see it: rows of H floats. Where recurrent
 * dropout draws a mask (Gal and Ghahramani 2016) it stands in between, one for all steps of a
 * sequence; the state itself stays whole.
 *
 * @param data element (r, j) at {@code at + r * row + j}
 * @param at where the first row begins
 * @param row from one row to the next
 */
record Hidden(float[] data, int at, int row) {

  /** Of the states before a step. */
  static Hidden before(Cell.Tick tick, int units, Context context) {
    Hidden whole = of(tick, context);
    return tick.mask() == null ? whole : whole.times(tick.mask(), tick.batch(), units, context);
  }

  /** Where a pass repeats, the very rows of the pass before. */
  private static Hidden of(Cell.Tick tick, Context context) {
    if (context.kept() instanceof Hidden kept
        && kept.data == tick.states()
        && kept.at == tick.before()
        && kept.row == tick.stateRow()) {
      return context.keep(kept);
    }
    return context.keep(new Hidden(tick.states(), tick.before(), tick.stateRow()));
  }

  /** Of the states before all steps of a pass. */
  static Hidden before(Cell.Run run, int stateSize, int units, Context context) {
    Hidden whole = new Hidden(run.states(), 0, stateSize);
    return run.mask() == null ? whole : whole.times(run.mask(), run.rows(), units, context);
  }

  private Hidden times(float[] mask, int rows, int units, Context context) {
    float[] product = context.unfilled(rows * units);
    for (int r = 0; r < rows; r++) {
      int maskAt = r * units % mask.length;
      for (int j = 0; j < units; j++) {
        product[r * units + j] = data[at + r * row + j] * mask[maskAt + j];
      }
    }
    return new Hidden(product, 0, units);
  }

  /**
   * Adds the derivative by h to that by the state before a step: {@code dBefore += mask (dz U^T)}.
   *
   * @param n columns of dz
   * @param dz element (r, i) at {@code dzAt + r * dzRow + i}. Not modified
   * @param transposed U^T {@code [n][H]}, from {@code transposedAt}. Not modified
   * @param dBefore {@code [B][stateSize]}. Modified
   */
  static void addBack(
      Cell.Tick tick,
      int units,
      int n,
      float[] dz,
      int dzAt,
      int dzRow,
      float[] transposed,
      int transposedAt,
      float[] dBefore,
      Context context) {
    int batch = tick.batch();
    float[] mask = tick.mask();
    int row = tick.stateRow();
    float[] to = mask == null ? dBefore : context.floats(batch * units);
    int toRow = mask == null ? row : units;
    context
        .kernels()
        .addProduct(
            batch, units, n, dz, dzAt, dzRow, 1, transposed, transposedAt, units, to, 0, toRow);
    if (mask != null) {
      for (int i = 0; i < batch * units; i++) {
        int at = i / units * row + i % units;
        dBefore[at] = Math.fma(to[i], mask[i], dBefore[at]);
      }
    }
  }
}
