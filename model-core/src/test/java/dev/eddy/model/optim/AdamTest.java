package dev.eddy.model.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.Rng;
import org.junit.jupiter.api.Test;

class AdamTest {
  private static final int N = 37;

  @Test
  void followsADoublePrecisionReference() {
    Adam adam = new Adam(0.9, 0.99, 1e-6, 0.05);
    Rng rng = new Rng(3);
    float[] weights = new float[N];
    double[] expected = new double[N];
    for (int i = 0; i < N; i++) {
      weights[i] = (float) rng.nextGaussian();
      expected[i] = weights[i];
    }
    float[] moments = Adam.newMoments(N);
    double[] m = new double[N];
    double[] v = new double[N];
    float[] grads = new float[N];
    for (int step = 1; step <= 100; step++) {
      double rate = 0.01 / step;
      for (int i = 0; i < N; i++) {
        grads[i] = (float) (rng.nextGaussian() * (i + 1));
        m[i] = 0.9 * m[i] + 0.1 * grads[i];
        v[i] = 0.99 * v[i] + 0.01 * grads[i] * grads[i];
        double mHat = m[i] / (1 - Math.pow(0.9, step));
        double vHat = v[i] / (1 - Math.pow(0.99, step));
        expected[i] -= rate * (mHat / (Math.sqrt(vHat) + 1e-6) + 0.05 * expected[i]);
      }
      adam.step(weights, grads, moments, step, rate);
    }
    for (int i = 0; i < N; i++) {
      assertThat((double) weights[i]).isCloseTo(expected[i], within(2e-6));
      assertThat((double) moments[i]).isCloseTo(m[i], within(1e-5 * (i + 1)));
      assertThat((double) moments[N + i]).isCloseTo(v[i], within(1e-5 * v[i]));
    }
  }

  @Test
  void decayAloneShrinksWeights() {
    float[] weights = {2f};
    new Adam(0.5).step(weights, new float[1], Adam.newMoments(1), 1, 0.1);
    assertThat(weights[0]).isEqualTo(1.9f);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> new Adam(0).step(new float[3], new float[3], new float[3], 1, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 moments");
    assertThatThrownBy(() -> new Adam(-1)).hasMessageContaining("decay >= 0");
  }

  @Test
  void clipsByNormOnlyWhatIsAboveTheLimit() {
    float[] grads = new float[19];
    grads[0] = 3f;
    grads[18] = -4f;
    assertThat(GradientClip.byNorm(grads, 5)).isEqualTo(5);
    assertThat(grads[18]).isEqualTo(-4f);
    assertThat(GradientClip.byNorm(grads, 1)).isEqualTo(5);
    assertThat(grads[0]).isCloseTo(0.6f, within(1e-7f));
    assertThat(grads[18]).isCloseTo(-0.8f, within(1e-7f));
    grads[3] = Float.NaN;
    assertThat(GradientClip.byNorm(grads, 1)).isNaN();
    assertThatThrownBy(() -> GradientClip.byNorm(grads, 0)).hasMessageContaining("above 0");
  }
}
