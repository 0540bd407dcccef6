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

  @Test
  void averagedOtherwiseItsScheduleIsLaidOverTheStepsThereAre() {
    TrainingSpec spec = new TrainingSpec(2, 10, 20, 1, 1, 1, 0, 0.5, 1, 0, 0);
    TrainingSpec growing =
        spec.withAveraging(spec.averaging().withLocalSteps(LocalSteps.growing(10, 1.5, 60)));
    assertThat(growing.steps()).isEqualTo(10 + 15 + 22 + 34 + 51 + 15 * 60);
    assertThat(growing.update().schedule())
        .isEqualTo(TrainingSpec.defaultSchedule(growing.steps()));
    assertThat(growing.resolved(7)).isEqualTo(growing);

    TrainingSpec epochs =
        spec.withAveraging(spec.averaging().withLocalSteps(LocalSteps.everyEpoch()));
    for (int steps : new int[] {1, 7, 60, 4321}) {
      assertThat(epochs.resolved(steps))
          .isEqualTo(new TrainingSpec(2, steps, 20, 1, 1, 1, 0, 0.5, 1, 0, 0));
    }
  }

  @Test
  void theOuterStepRefusesWhatCannotWork() {
    assertThat(OuterStep.of(OuterStep.Kind.MOMENTUM, 4).momentum()).isEqualTo(0.75);
    assertThatThrownBy(() -> new OuterStep(OuterStep.Kind.NESTEROV, 0.7, 1))
        .hasMessageContaining("a momentum within [0, 1), got 0.7 and 1.0");
    assertThatThrownBy(() -> new OuterStep(OuterStep.Kind.MOMENTUM, Double.NaN, 0))
        .hasMessageContaining("a rate above 0");
    assertThatThrownBy(() -> new OuterStep(OuterStep.Kind.AVERAGE, 0.5, 0))
        .hasMessageContaining("'average' has rate 1");
  }

  private static double rate(TrainingSpec spec, long step) {
    return spec.update().schedule().rate(spec.update().learningRate(), step, new double[0]);
  }
}
