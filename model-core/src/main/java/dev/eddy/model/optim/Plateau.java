package dev.eddy.model.optim;

/**
 * A rate that falls where the validation loss no longer does: after {@code patience} validations in
 * a row that brought no new least loss, it is multiplied by {@code factor} and the count begins
 * anew. State: [share of the base rate, least loss, validations since].
 *
 * @param factor what a fall leaves, within (0, 1)
 * @param patience validations without a new least loss before a fall, at least 1
 * @param least the share of the base rate below which it does not fall, within [0, 1]
 */
public record Plateau(double factor, int patience, double least) implements Schedule {

  /** Checks the parameters. */
  public Plateau {
    Checks.check(factor > 0 && factor < 1, "plateau", "factor", "within (0, 1)", factor);
    Checks.atLeastOne("plateau", "patience", patience);
    Checks.check(least >= 0 && least <= 1, "plateau", "least", "within [0, 1]", least);
  }

  @Override
  public String kind() {
    return "plateau";
  }

  @Override
  public double rate(double base, long step, double[] state) {
    return base * state[0];
  }

  @Override
  public double[] newState() {
    return new double[] {1, Double.POSITIVE_INFINITY, 0};
  }

  @Override
  public void validated(double loss, double[] state) {
    if (loss < state[1]) {
      state[1] = loss;
      state[2] = 0;
    } else if (++state[2] >= patience) {
      state[0] = Math.max(least, state[0] * factor);
      state[2] = 0;
    }
  }
}
