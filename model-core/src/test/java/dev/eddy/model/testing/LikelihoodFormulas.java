package dev.eddy.model.testing;

import dev.eddy.model.testing.Tape.Var;

/** The tape's formulas of likelihoods: the textbook's density, its logarithm, its sign changed. */
final class LikelihoodFormulas {
  private LikelihoodFormulas() {}

  private static Var link(Tape tape, Var x, double floor) {
    return tape.add(tape.softplus(x), tape.leaf(floor));
  }

  static LossCase.Formula gaussian() {
    return ErrorFormulas.sum(
        (tape, x, y) -> {
          Var sigma = link(tape, x[1], 1e-3);
          Var z = tape.div(tape.sub(tape.leaf(y), x[0]), sigma);
          Var density =
              tape.div(
                  tape.exp(tape.scale(tape.mul(z, z), -0.5)),
                  tape.scale(sigma, StrictMath.sqrt(2 * StrictMath.PI)));
          return tape.scale(tape.log(density), -1);
        });
  }

  static LossCase.Formula studentT() {
    return ErrorFormulas.sum(
        (tape, x, y) -> {
          Var sigma = link(tape, x[1], 1e-3);
          Var nu = link(tape, x[2], 2);
          Var z = tape.div(tape.sub(tape.leaf(y), x[0]), sigma);
          Var half = tape.scale(tape.add(nu, tape.leaf(1)), 0.5);
          Var tail = tape.log(tape.add(tape.leaf(1), tape.div(tape.mul(z, z), nu)));
          Var spread = tape.mul(tape.mul(sigma, sigma), tape.scale(nu, StrictMath.PI));
          Var gammas = tape.sub(tape.logGamma(half), tape.logGamma(tape.scale(nu, 0.5)));
          Var log = tape.sub(gammas, tape.scale(tape.log(spread), 0.5));
          return tape.sub(tape.mul(half, tape.scale(tail, 1)), log);
        });
  }

  /** y failures before r successes, each with probability p = r / (r + mu). */
  static LossCase.Formula negativeBinomial() {
    return ErrorFormulas.sum(
        (tape, x, y) -> {
          Var mu = link(tape, x[0], 1e-5);
          Var r = tape.div(tape.leaf(1), link(tape, x[1], 1e-5));
          Var all = tape.add(r, mu);
          Var count = tape.leaf(y);
          Var ways =
              tape.sub(
                  tape.logGamma(tape.add(count, r)),
                  tape.add(tape.logGamma(r), tape.logGamma(tape.leaf(y + 1))));
          Var successes = tape.mul(r, tape.log(tape.div(r, all)));
          Var failures = tape.mul(count, tape.log(tape.div(mu, all)));
          return tape.scale(tape.add(ways, tape.add(successes, failures)), -1);
        });
  }
}
