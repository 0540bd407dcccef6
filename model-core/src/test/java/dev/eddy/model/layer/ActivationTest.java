package dev.eddy.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.PortableKernels;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Far from zero, where the contract kit's inputs do not reach. */
class ActivationTest {
  private static final Set<Activation> ELEMENTWISE =
      EnumSet.complementOf(EnumSet.of(Activation.SOFTMAX));
  private static final float[] FAR = {
    -Float.MAX_VALUE, -1e20f, -200, -30, -12, -1e-3f, -1e-20f, 0, 1e-20f, 1e-3f, 12, 30, 200, 1e12f
  };

  private static float value(Activation activation, float x) {
    float[] y = new float[1];
    activation.apply(new PortableKernels(), 1, new float[] {x}, 0, y, 0);
    return y[0];
  }

  private static float slope(Activation activation, float x) {
    float[] dx = new float[1];
    float[] y = {value(activation, x)};
    activation.back(new PortableKernels(), 1, 1, new float[] {x}, y, new float[] {1}, dx);
    return dx[0];
  }

  @Test
  void farFromZeroNothingOverflows() {
    for (Activation activation : ELEMENTWISE) {
      for (float x : FAR) {
        float y = value(activation, x);
        float slope = slope(activation, x);
        assertThat(y)
            .as("%s of %s", activation, x)
            .isFinite()
            .isBetween(Math.min(-1, x), 1 + Math.max(0, x));
        assertThat(slope).as("%s's slope at %s", activation, x).isBetween(-0.2f, 1.2f);
      }
    }
  }

  @Test
  void smallNegativeNumbersKeepTheirDigits() {
    assertThat(value(Activation.ELU, -1e-20f)).isCloseTo(-1e-20f, within(1e-26f));
    assertThat(value(Activation.ELU, -40f)).isEqualTo(-1f);
    assertThat(value(Activation.SOFTPLUS, -30f)).isCloseTo(9.357623e-14f, within(1e-19f));
  }
}
