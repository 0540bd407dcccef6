package dev.eddy.model.optim;

/**
 * A rate that falls by the same share at every step: {@code base * factor^(step / every)}.
 *
 * @param every steps in which the rate falls to {@code factor} of what it was, at least 1
 * @param factor what so many steps leave, within (0, 1]
 */
public record Exponential(long every, double factor) implements Schedule {

  /** Checks the parameters. */
  public Exponential {
    Checks.atLeastOne("exponential", "every", every);
    Checks.check(factor > 0 && factor <= 1, "exponential", "factor", "within (0, 1]", factor);
  }

  @Override
  public String kind() {
    return "exponential";
  }

  @Override
  public double rate(double base, long step, double[] state) {
    return base * StrictMath.pow(factor, (double) step / every);
  }
}
