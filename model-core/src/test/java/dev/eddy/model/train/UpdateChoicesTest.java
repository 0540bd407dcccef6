package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.optim.Nesterov;
import dev.eddy.model.optim.OneCycle;
import dev.eddy.model.optim.Regularisation;
import dev.eddy.model.optim.UpdateSpec;
import org.junit.jupiter.api.Test;

class UpdateChoicesTest {
  private static final TrainingSpec SPEC =
      new TrainingSpec(2, 10, 20, 3, 4, 5, 6, 0.5, 0.7, 0.1, 9);

  @Test
  void theDefaultsAreTheSpecificationsOwn() {
    assertThat(
            UpdateChoices.apply(
                SPEC,
                UpdateChoices.OPTIMISER,
                UpdateChoices.SCHEDULE,
                Double.POSITIVE_INFINITY,
                0.1))
        .isEqualTo(SPEC);
  }

  @Test
  void everyWordIsAChoice() {
    for (String optimiser : UpdateChoices.optimisers()) {
      for (String schedule : UpdateChoices.schedules()) {
        UpdateSpec update = UpdateChoices.apply(SPEC, optimiser, schedule, 2, 0.1).update();
        assertThat(update.optimiser().kind()).isEqualTo(optimiser);
        assertThat(update.clipValue()).isEqualTo(2);
        assertThat(update.schedule().rate(1, 199, new double[0])).isPositive();
      }
    }
    UpdateSpec update = UpdateChoices.apply(SPEC, "nesterov", "onecycle", 2, 0.1).update();
    assertThat(update.optimiser()).isEqualTo(new Nesterov(0.9));
    assertThat(update.schedule()).isEqualTo(new OneCycle(200));
    assertThat(update.regularisation()).isEqualTo(new Regularisation(0, 0, 0.1));
    assertThat(update.clipNorm()).isEqualTo(0.7);
    assertThatThrownBy(() -> UpdateChoices.apply(SPEC, "adma", "constant", 1, 0))
        .hasMessageContaining("no optimiser 'adma', only [adamw");
    assertThatThrownBy(() -> UpdateChoices.apply(SPEC, "adam", "linear", 1, 0))
        .hasMessageContaining("no schedule 'linear'");
  }
}
