package dev.eddy.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.net.Network;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InitsTest {
  private static final int ROWS = 100;
  private static final int COLUMNS = 300;

  @Test
  void haveTheVarianceOfTheirPapers() {
    assertThat(variance(Inits.glorot(100, 300))).isCloseTo(2.0 / 400, within(2e-4));
    assertThat(variance(Inits.heUniform())).isCloseTo(2.0 / 100, within(6e-4));
    assertThat(variance(Inits.heNormal())).isCloseTo(2.0 / 100, within(6e-4));
    assertThat(variance(Inits.normal(0.5f))).isCloseTo(0.25, within(7e-3));
    assertThat(variance(Inits.uniform(0.3f))).isCloseTo(0.03, within(1e-3));
    assertThat(fill(Inits.constant(2))).containsOnly(2f);
  }

  private static double variance(Param.Init init) {
    double sum = 0;
    double squares = 0;
    float[] w = fill(init);
    for (float x : w) {
      sum += x;
      squares += (double) x * x;
    }
    assertThat(sum / w.length).as("mean").isCloseTo(0, within(1e-2));
    return squares / w.length;
  }

  private static float[] fill(Param.Init init) {
    float[] w = new float[ROWS * COLUMNS];
    init.fill(w, 0, ROWS, COLUMNS, new Rng(1));
    return w;
  }

  @Test
  void orthogonalBlocksAreRotations() {
    float[] w = fill(Inits.orthogonalBlocks());
    for (int block = 0; block < 3; block++) {
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j <= i; j++) {
          double dot = 0;
          for (int c = 0; c < ROWS; c++) {
            int at = block * ROWS + c;
            dot += (double) w[i * COLUMNS + at] * w[j * COLUMNS + at];
          }
          assertThat(dot).isCloseTo(i == j ? 1 : 0, within(1e-6));
        }
      }
    }
    assertThatThrownBy(() -> Inits.orthogonalBlocks().fill(new float[6], 0, 2, 3, new Rng(1)))
        .hasMessageContaining("got [2][3]");
  }

  @Test
  void weightsMayStartOtherwise() {
    Network network = Network.build(Sequential.of(new Lstm(3), Dense.linear(2)), Shape.of(2));
    float[] usual = network.initialWeights(5);
    float[] other =
        network.initialWeights(
            5, Map.of("lstm0.U", Inits.constant(3), "dense1", Inits.constant(4)));
    int u = network.offset("lstm0.U");
    for (int i = 0; i < usual.length; i++) {
      boolean isU = i >= u && i < u + 36;
      boolean isDense = i >= network.offset("dense1.W");
      assertThat(other[i]).isEqualTo(isU ? 3 : isDense ? 4 : usual[i]);
    }
    assertThatThrownBy(() -> network.initialWeights(5, Map.of("U0", Inits.constant(1))))
        .hasMessageContaining("no weights 'U0'");
    assertThatThrownBy(
            () ->
                network.initialWeights(
                    5, Map.of("U", Inits.constant(1), "lstm0", Inits.constant(1))))
        .hasMessageContaining("in 2 ways, by [U, lstm0]");
  }
}
