package dev.eddy.model.optim;

/** The same rate at every step. */
public record Constant() implements Schedule {
  @Override
  public String kind() {
    return "constant";
  }

  @Override
  public double rate(double base, long step, double[] state) {
    return base;
  }
}
