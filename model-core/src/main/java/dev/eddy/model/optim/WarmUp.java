package dev.eddy.model.optim;

/**
 * A linear rise, {@code base * (step + 1) / steps}, and then another schedule, whose step 0 comes
 * after it (Goyal et al. 2017): the first gradients of fresh weights and moments are rough.
 *
 * @param steps steps of the rise, at least 1
 * @param then what follows
 */
public record WarmUp(long steps, Schedule then) implements Schedule {

  /** Checks the parameters. */
  public WarmUp {
    Checks.atLeastOne("warmup", "steps", steps);
    if (then == null) {
      throw new IllegalArgumentException(
          "warmup: then must be the schedule that follows the rise, for example constant; got none");
    }
  }

  @Override
  public String kind() {
    return "warmup";
  }

  @Override
  public double rate(double base, long step, double[] state) {
    return step < steps ? base * (step + 1) / steps : then.rate(base, step - steps, state);
  }

  @Override
  public long length() {
    return then.length() == 0 ? 0 : steps + then.length();
  }

  /** Rise and rest keep their shares. A rise into a schedule without an end keeps its steps. */
  @Override
  public Schedule over(long others) {
    if (length() == 0) {
      return this;
    }
    long rise = Math.max(1, (long) Math.floor((double) others * steps / length()));
    return new WarmUp(rise, then.over(Math.max(1, others - rise)));
  }

  @Override
  public double[] newState() {
    return then.newState();
  }

  @Override
  public void validated(double loss, double[] state) {
    then.validated(loss, state);
  }
}
