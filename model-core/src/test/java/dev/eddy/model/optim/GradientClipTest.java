package dev.eddy.model.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GradientClipTest {
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

  @Test
  void clipsByValue() {
    float[] grads = {-3f, -0.5f, 0f, 0.25f, 7f, Float.NaN, Float.NEGATIVE_INFINITY};
    GradientClip.byValue(grads, 0.5);
    assertThat(grads).containsExactly(-0.5f, -0.5f, 0f, 0.25f, 0.5f, Float.NaN, -0.5f);
    assertThatThrownBy(() -> GradientClip.byValue(grads, -1)).hasMessageContaining("above 0");
  }
}
