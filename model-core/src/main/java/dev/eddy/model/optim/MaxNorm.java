package dev.eddy.model.optim;

/**
 * No column longer than a limit (Srebro and Shraibman 2005; with dropout: Srivastava et al. 2014).
 *
 * @param limit above 0
 */
public record MaxNorm(double limit) implements Constraint {

  /** Checks the limit. */
  public MaxNorm {
    Checks.positive("max-norm", "limit", limit);
  }

  @Override
  public String kind() {
    return "max-norm";
  }

  @Override
  public void apply(float[] weights, int offset, int rows, int columns) {
    ColumnNorms.change(weights, offset, rows, columns, norm -> Math.min(norm, limit));
  }
}
