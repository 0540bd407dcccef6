package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.optim.Plateau;
import dev.eddy.model.optim.Sgd;
import dev.eddy.model.optim.UpdateSpec;
import org.junit.jupiter.api.Test;

class TrainingSpecTest {
  @Test
  void namesFieldValueAndWhatIsAllowed() {
    assertThatThrownBy(() -> new TrainingSpec(0, 1, 1, 1, 1, 1, 0, 0.1, 1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shards must be at least 1, got 0");
    assertThatThrownBy(() -> new TrainingSpec(1, 1, 1, 1, 1, 1, -1, 0.1, 1, 0, 0))
        .hasMessage("warmup must be at least 0, got -1");
    assertThatThrownBy(() -> new TrainingSpec(1, 1, 1, 1, 1, 1, 0, Double.NaN, 1, 0, 0))
        .hasMessage("update: learningRate must be above 0 and finite, got NaN");
    assertThatThrownBy(() -> new TrainingSpec(1, 1, 1, 1, 1, 1, 0, 0.1, 0, 0, 0))
        .hasMessage("update: clipNorm must be above 0 (infinite for no limit), got 0.0");
    assertThatThrownBy(() -> new TrainingSpec(1, 1, 1, 1, 1, 1, 0, 0.1, 1, -0.5, 0))
        .hasMessage("adamw: weightDecay must be at least 0 and finite, got -0.5");
  }

  @Test
  void learningRateRisesThenFalls() {
    TrainingSpec spec = new TrainingSpec(1, 10, 20, 1, 1, 1, 0, 0.5, 1, 0, 0);
    assertThat(rate(spec, 0)).isEqualTo(0.05);
    assertThat(rate(spec, 9)).isEqualTo(0.5);
    assertThat(rate(spec, 10)).isEqualTo(0.5);
    for (int step = 11; step < 200; step++) {
      assertThat(rate(spec, step)).isLessThan(rate(spec, step - 1)).isGreaterThan(0.005);
    }
  }

  @Test
  void aScheduleThatRemembersIsRefused() {
    UpdateSpec update = UpdateSpec.of(new Sgd(), 0.1).withSchedule(new Plateau(0.5, 2, 0));
    assertThatThrownBy(() -> new TrainingSpec(1, 1, 1, 1, 1, 1, 0, update, 0))
        .hasMessageContaining("got plateau");
  }

  private static double rate(TrainingSpec spec, long step) {
    return spec.update().schedule().rate(spec.update().learningRate(), step, new double[0]);
  }
}
