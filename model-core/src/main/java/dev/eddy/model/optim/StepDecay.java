package dev.eddy.model.optim;

/**
 * A rate that falls in stairs: {@code base * factor^floor(step / every)}.
 *
 * @param every steps between two falls, at least 1
 * @param factor what a fall leaves, within (0, 1]
 */
public record StepDecay(long every, double factor) implements Schedule {

  /** Checks the parameters. */
  public StepDecay {
    Checks.atLeastOne("step", "every", every);
    Checks.check(factor > 0 && factor <= 1, "step", "factor", "within (0, 1]", factor);
  }

  @Override
  public String kind() {
    return "step";
  }

  @Override
  public double rate(double base, long step, double[] state) {
    long falls = step / every;
    return base * StrictMath.pow(factor, (double) falls);
  }
}
