package dev.eddy.model.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GammaTest {
  /** x, log gamma(x), digamma(x), computed with 40 digits by mpmath. */
  private static final double[][] EXACT = {
    {1E-10, 23.025850929882736, -10000000000.577215},
    {1E-05, 11.512919692895826, -100000.57719921567},
    {0.01, 4.599479878042022, -100.56088545786868},
    {0.3, 1.0957979948180756, -3.502524222200133},
    {0.5, 0.5723649429247001, -1.9635100260214235},
    {1.0, 0.0, -0.5772156649015329},
    {1.2, -0.08537409000331583, -0.2890398965921884},
    {1.4616321449683622, -0.12148629053584961, -9.241265521729427E-17},
    {1.9999, -4.227520877215346E-05, 0.42271983967113097},
    {2.0, 0.0, 0.42278433509846713},
    {2.5, 0.2846828704729192, 0.7031566406452432},
    {3.75, 1.486815578593417, 1.1825373886117962},
    {7.0, 6.579251212010101, 1.8727843350984672},
    {10.0, 12.801827480081469, 2.251752589066721},
    {15.999, 27.89653040276015, 2.7409488324649627},
    {16.0, 27.89927138384089, 2.7410133283274605},
    {16.5, 29.277754515040815, 2.7727513716226233},
    {33.3, 82.60372358165495, 3.490467238520243},
    {100.0, 359.1342053695754, 4.600161852738087},
    {1234.5, 7550.550901077895, 7.118016231827998},
    {100000.0, 1051287.7089736569, 11.512920464961896},
    {10000000.0, 151180949.3694739, 16.11809560095832},
    {10000000000.0, 220258509288.81058, 23.025850929890456},
  };

  @Test
  void agreesWithManyDigits() {
    for (double[] row : EXACT) {
      assertThat(Gamma.log(row[0])).as("log gamma %s", row[0]).isCloseTo(row[1], error(row[1]));
      assertThat(Gamma.digamma(row[0])).as("digamma %s", row[0]).isCloseTo(row[2], error(row[2]));
    }
  }

  @Test
  void keepsTheRecurrenceEverywhere() {
    for (double x = 1e-6; x < 1e9; x *= 1.01) {
      double log = Gamma.log(x + 1);
      assertThat(Gamma.log(x) + StrictMath.log(x)).as("at %s", x).isCloseTo(log, error(log));
      double digamma = Gamma.digamma(x);
      assertThat(Gamma.digamma(x + 1) - 1 / x).as("at %s", x).isCloseTo(digamma, error(1 / x));
    }
  }

  @Test
  void isDefinedAboveZeroOnly() {
    for (double x : new double[] {0, -0.0, -1.5, Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertThat(Gamma.log(x)).isNaN();
      assertThat(Gamma.digamma(x)).isNaN();
    }
  }

  private static org.assertj.core.data.Offset<Double> error(double result) {
    return within(1e-13 * Math.max(1, Math.abs(result)));
  }
}
