package dev.eddy.model.optim;

/**
 * Half a cosine from the base rate down to a share of it (Loshchilov and Hutter 2017, without
 * restarts), where it stays:
 *
 * <pre>
 * base * (last + (1 - last) * (1 + cos(pi * step / steps)) / 2)
 * </pre>
 *
 * @param steps steps of the descent, at least 1
 * @param last the share of the base rate at its end, within [0, 1]
 */
public record Cosine(long steps, double last) implements Schedule {

  /** Checks the parameters. */
  public Cosine {
    Checks.atLeastOne("cosine", "steps", steps);
    Checks.check(last >= 0 && last <= 1, "cosine", "last", "within [0, 1]", last);
  }

  @Override
  public String kind() {
    return "cosine";
  }

  @Override
  public double rate(double base, long step, double[] state) {
    double gone = (double) Math.min(step, steps) / steps;
    return base * (last + (1 - last) * 0.5 * (1 + StrictMath.cos(StrictMath.PI * gone)));
  }

  @Override
  public long length() {
    return steps;
  }

  @Override
  public Schedule over(long others) {
    return new Cosine(others, last);
  }
}
