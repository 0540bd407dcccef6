package dev.eddy.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Our functions against StrictMath in double, over every exponent of a float. */
class FunctionsTest {
  private static final int STEP =
      4099; // a prime: about a million floats, every exponent about 2,000 times

  private interface FloatFunction {
    float of(float x);
  }

  private interface Distance {
    double of(float actual, double expected);
  }

  private static double relative(float actual, double expected) {
    if (actual == (float) expected) {
      return 0; // equal, and infinity where a float overflows
    }
    double unit = Math.max(Math.abs(expected), Float.MIN_NORMAL);
    return Math.abs(actual - expected) / unit;
  }

  private static double absolute(float actual, double expected) {
    return actual == (float) expected ? 0 : Math.abs(actual - expected);
  }

  private static double worst(FloatFunction f, DoubleUnaryOperator exact, Distance error) {
    double worst = 0;
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += STEP) {
      float x = Float.intBitsToFloat((int) bits);
      float actual = f.of(x);
      double expected = exact.applyAsDouble(x);
      if (Double.isNaN(expected)) {
        assertThat(actual).as("of %s", x).isNaN();
      } else {
        double e = error.of(actual, expected);
        assertThat(e).as("error at %s: %s for %s", x, actual, expected).isNotNaN();
        worst = Math.max(worst, e);
      }
    }
    return worst;
  }

  @Test
  void tanhIsWithinItsError() {
    assertThat(worst(Functions::tanh, StrictMath::tanh, FunctionsTest::relative))
        .isBetween(1e-8, 4e-7);
  }

  @Test
  void sigmoidIsWithinItsError() {
    assertThat(
            worst(Functions::sigmoid, x -> 1 / (1 + StrictMath.exp(-x)), FunctionsTest::absolute))
        .isBetween(1e-8, 2e-7);
  }

  @Test
  void expIsWithinItsError() {
    assertThat(worst(Functions::exp, StrictMath::exp, FunctionsTest::relative))
        .isBetween(1e-8, 2e-7);
  }

  @Test
  void logIsWithinItsError() {
    assertThat(worst(Functions::log, StrictMath::log, FunctionsTest::relative))
        .isBetween(1e-8, 2e-7);
  }

  @Test
  void softplusIsWithinItsError() {
    DoubleUnaryOperator exact =
        x -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    assertThat(worst(Functions::softplus, exact, FunctionsTest::relative)).isBetween(1e-8, 4e-7);
  }

  @Test
  void endsAreExact() {
    float inf = Float.POSITIVE_INFINITY;
    assertThat(new float[] {Functions.tanh(inf), Functions.tanh(-inf), Functions.tanh(0f)})
        .containsExactly(1f, -1f, 0f);
    assertThat(Float.floatToRawIntBits(Functions.tanh(-0f)))
        .isEqualTo(Float.floatToRawIntBits(-0f));
    assertThat(new float[] {Functions.sigmoid(inf), Functions.sigmoid(-inf), Functions.sigmoid(0)})
        .containsExactly(1f, 0f, 0.5f);
    assertThat(new float[] {Functions.exp(inf), Functions.exp(-inf), Functions.exp(0)})
        .containsExactly(inf, 0f, 1f);
    assertThat(
            new float[] {
              Functions.log(inf), Functions.log(0f), Functions.log(-0f), Functions.log(1)
            })
        .containsExactly(inf, -inf, -inf, 0f);
    assertThat(Functions.log(-1f)).isNaN();
    assertThat(new float[] {Functions.softplus(inf), Functions.softplus(-inf)})
        .containsExactly(inf, 0f);
    for (float nan : new float[] {Float.NaN, Float.intBitsToFloat(0xFFC12345)}) {
      assertThat(Functions.tanh(nan)).isNaN();
      assertThat(Functions.sigmoid(nan)).isNaN();
      assertThat(Functions.exp(nan)).isNaN();
      assertThat(Functions.log(nan)).isNaN();
      assertThat(Functions.softplus(nan)).isNaN();
    }
  }

  @Test
  void tanhAndSigmoidStayInTheirRange() {
    for (float x = -20; x < 20; x += 0.0007f) {
      assertThat(Functions.tanh(x)).isBetween(-1f, 1f).isEqualTo(-Functions.tanh(-x));
      assertThat(Functions.sigmoid(x)).isBetween(0f, 1f);
    }
  }
}
