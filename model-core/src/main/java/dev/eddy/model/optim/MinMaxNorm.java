package dev.eddy.model.optim;

/**
 * Every column's length within bounds.
 *
 * @param least at least 0
 * @param most at least {@code least}, above 0
 * @param rate share of the way to the bound that one step goes, within (0, 1]; 1 enforces the bound
 */
public record MinMaxNorm(double least, double most, double rate) implements Constraint {

  /** Checks the bounds. */
  public MinMaxNorm {
    Checks.notNegative("min-max-norm", "least", least);
    Checks.positive("min-max-norm", "most", most);
    Checks.check(most >= least, "min-max-norm", "most", "at least " + least, most);
    Checks.check(rate > 0 && rate <= 1, "min-max-norm", "rate", "within (0, 1]", rate);
  }

  @Override
  public String kind() {
    return "min-max-norm";
  }

  @Override
  public void apply(float[] weights, int offset, int rows, int columns) {
    ColumnNorms.change(
        weights,
        offset,
        rows,
        columns,
        norm -> rate * Math.max(least, Math.min(most, norm)) + (1 - rate) * norm);
  }
}
