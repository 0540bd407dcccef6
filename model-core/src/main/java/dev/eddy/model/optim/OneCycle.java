package dev.eddy.model.optim;

/**
 * One cycle (Smith and Topin 2018): half a cosine up from {@code base * first} to the base rate,
 * half a cosine down to {@code base * last}, where it stays.
 *
 * @param steps steps of the whole cycle, at least 1
 * @param rise share of the steps that rise, within [0, 1]
 * @param first the share of the base rate to begin with, within (0, 1]
 * @param last the share of the base rate to end with, within [0, 1]
 */
public record OneCycle(long steps, double rise, double first, double last) implements Schedule {

  /** Checks the parameters. */
  public OneCycle {
    Checks.atLeastOne("onecycle", "steps", steps);
    Checks.check(rise >= 0 && rise <= 1, "onecycle", "rise", "within [0, 1]", rise);
    Checks.check(first > 0 && first <= 1, "onecycle", "first", "within (0, 1]", first);
    Checks.check(last >= 0 && last <= 1, "onecycle", "last", "within [0, 1]", last);
  }

  /** The usual shape: 30 % rise, from 1/25 of the base rate, down to 1/250,000 of it. */
  public OneCycle(long steps) {
    this(steps, 0.3, 0.04, 4e-6);
  }

  @Override
  public String kind() {
    return "onecycle";
  }

  @Override
  public double rate(double base, long step, double[] state) {
    double top = rise * steps;
    double at = Math.min(step, steps);
    return at < top
        ? between(base * first, base, at / top)
        : between(base, base * last, steps == top ? 1 : (at - top) / (steps - top));
  }

  @Override
  public long length() {
    return steps;
  }

  @Override
  public Schedule over(long others) {
    return new OneCycle(others, rise, first, last);
  }

  /** Half a cosine from one value to another, along gone = 0 .. 1. */
  private static double between(double from, double to, double gone) {
    return to + (from - to) * 0.5 * (1 + StrictMath.cos(StrictMath.PI * gone));
  }
}
