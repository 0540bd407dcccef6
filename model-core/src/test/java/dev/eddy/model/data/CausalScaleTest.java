package dev.eddy.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.Rng;
import org.junit.jupiter.api.Test;

class CausalScaleTest {
  private static double[] run(int window, double... values) {
    double count = 0;
    double mean = 0;
    double squares = 0;
    for (double value : values) {
      boolean full = count >= window;
      count = CausalScale.count(count, window);
      double before = mean;
      mean = CausalScale.mean(count, before, value);
      squares = CausalScale.squares(full, window, before, mean, squares, value);
    }
    return new double[] {mean, CausalScale.std(count, mean, squares)};
  }

  @Test
  void equalsMeanAndSpreadUpToTheWindow() {
    double[] scale = run(10, 1, 2, 3, 4, 10);
    assertThat(scale[0]).isCloseTo(4, within(1e-12));
    assertThat(scale[1]).isCloseTo(Math.sqrt(10), within(1e-12));
  }

  @Test
  void forgetsBeyondTheWindow() {
    double[] values = new double[2000];
    Rng random = new Rng(1);
    for (int t = 0; t < values.length; t++) {
      values[t] = (t < 1000 ? 5 : -40) + (t < 1000 ? 1 : 3) * random.nextGaussian();
    }
    double[] scale = run(50, values);
    assertThat(scale[0]).isCloseTo(-40, within(2.0));
    assertThat(scale[1]).isCloseTo(3, within(1.0));
  }

  @Test
  void aConstantSeriesHasTheFloorForItsSpread() {
    assertThat(run(5, 8, 8, 8, 8, 8, 8, 8)).containsExactly(8, 8e-6 + 1e-12);
    assertThat(CausalScale.std(0, 0, 0)).isEqualTo(1e-12);
  }
}
