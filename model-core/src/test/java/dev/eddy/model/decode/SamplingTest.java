package dev.eddy.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.kernel.Rng;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private static final PortableKernels KERNELS = new PortableKernels();
  private static final double[] P = {0.1, 0.4, 0.05, 0.3, 0.15};

  private static float[] logits() {
    float[] logits = new float[P.length + 1];
    for (int c = 0; c < P.length; c++) {
      logits[1 + c] = 3 + (float) StrictMath.log(P[c]);
    }
    return logits;
  }

  private static float[] probabilities(Sampling sampling) {
    return sampling.probabilities(KERNELS, P.length, logits(), 1);
  }

  @Test
  void probabilitiesByHand() {
    close(probabilities(Sampling.plain()), P);
    close(probabilities(Sampling.greedy()), 0, 1, 0, 0, 0);
    close(probabilities(new Sampling(1, 2, 1)), 0, 4 / 7.0, 0, 3 / 7.0, 0);
    close(probabilities(new Sampling(1, 0, 0.69)), 0, 4 / 7.0, 0, 3 / 7.0, 0);
    close(probabilities(new Sampling(1, 0, 0.72)), 0, 0.4 / 0.85, 0, 0.3 / 0.85, 0.15 / 0.85);
    close(probabilities(new Sampling(1, 0, 0.01)), 0, 1, 0, 0, 0);
    // Of the three likeliest (0.85), nine tenths: 0.7 is not enough.
    close(probabilities(new Sampling(1, 3, 0.9)), 0, 0.4 / 0.85, 0, 0.3 / 0.85, 0.15 / 0.85);
    // Temperature 1/2 squares: 0.01 + 0.16 + 0.0025 + 0.09 + 0.0225 = 0.285.
    close(
        probabilities(new Sampling(0.5, 0, 1)),
        0.01 / 0.285,
        0.16 / 0.285,
        0.0025 / 0.285,
        0.09 / 0.285,
        0.0225 / 0.285);
    close(probabilities(new Sampling(1e-30, 0, 1)), 0, 1, 0, 0, 0);
  }

  @Test
  void drawsComeInProportion() {
    for (Sampling sampling :
        List.of(Sampling.plain(), new Sampling(2, 0, 1), new Sampling(1, 3, 0.9))) {
      float[] p = probabilities(sampling);
      int draws = 20_000;
      int[] counts = new int[P.length];
      Rng rng = new Rng(42);
      for (int i = 0; i < draws; i++) {
        counts[sampling.draw(KERNELS, P.length, logits(), 1, rng)]++;
      }
      double chiSquare = 0;
      for (int c = 0; c < P.length; c++) {
        double expected = draws * (double) p[c];
        if (expected == 0) {
          assertThat(counts[c]).isZero();
        } else {
          chiSquare += (counts[c] - expected) * (counts[c] - expected) / expected;
        }
      }
      assertThat(chiSquare).as("4 degrees of freedom: 18.5 in one of 1000").isLessThan(18.5);
    }
  }

  @Test
  void theSeedDecides() {
    Rng one = new Rng(1);
    Rng same = new Rng(1);
    for (int i = 0; i < 100; i++) {
      assertThat(Sampling.plain().draw(KERNELS, P.length, logits(), 1, one))
          .isEqualTo(Sampling.plain().draw(KERNELS, P.length, logits(), 1, same));
    }
  }

  @Test
  void tiesGoToTheLowerId() {
    float[] flat = new float[4];
    assertThat(new Sampling(1, 2, 1).probabilities(KERNELS, 4, flat, 0))
        .containsExactly(0.5f, 0.5f, 0f, 0f);
    assertThat(Sampling.greedy().draw(KERNELS, 4, flat, 0, new Rng(1))).isZero();
  }

  @Test
  void wrongInputsAreNamed() {
    assertThatThrownBy(() -> new Sampling(-1, 0, 1)).hasMessageContaining("-1.0, 0 and 1.0");
    assertThatThrownBy(() -> new Sampling(1, 0, 0)).hasMessageContaining("topP");
    float[] broken = {0, Float.NaN};
    assertThatThrownBy(() -> Sampling.plain().draw(KERNELS, 2, broken, 0, new Rng(1)))
        .hasMessage("sampling: logit 1 is NaN");
    float[] none = {Float.NEGATIVE_INFINITY};
    assertThatThrownBy(() -> Sampling.plain().draw(KERNELS, 1, none, 0, new Rng(1)))
        .hasMessageContaining("must be finite");
  }

  private static void close(float[] actual, double... expected) {
    for (int c = 0; c < expected.length; c++) {
      assertThat((double) actual[c]).as("class %d", c).isCloseTo(expected[c], within(1e-6));
    }
  }
}
