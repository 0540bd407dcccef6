package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalStepsTest {
  private static final LocalSteps GROWING = LocalSteps.growing(10, 1.5, 60);

  @Test
  void growUntilTheyAreAsManyAsAllowed() {
    assertThat(IntStream.range(0, 7).map(GROWING::in)).containsExactly(10, 15, 22, 34, 51, 60, 60);
    assertThat(GROWING.in(1_000_000)).isEqualTo(60);
    assertThat(IntStream.range(0, 3).map(LocalSteps.every(7)::in)).containsExactly(7, 7, 7);
    assertThat(LocalSteps.growing(9, 2, 9).in(4)).isEqualTo(9);
  }

  @Test
  void countTheStepsBeforeARound() {
    for (LocalSteps steps : new LocalSteps[] {GROWING, LocalSteps.every(7)}) {
      for (int round = 0; round < 12; round++) {
        assertThat(steps.before(round))
            .isEqualTo(IntStream.range(0, round).mapToLong(steps::in).sum());
        assertThat(steps.sum(round, k -> k / 4))
            .isEqualTo(IntStream.range(0, round).mapToLong(r -> steps.in(r) / 4).sum());
      }
    }
    assertThat(LocalSteps.every(1_000_000).before(1_000_000)).isEqualTo(1_000_000_000_000L);
  }

  @Test
  void anEpochHasAThousandStepsUntilItIsKnown() {
    assertThat(LocalSteps.everyEpoch().known()).isFalse();
    assertThat(LocalSteps.everyEpoch().before(3)).isEqualTo(3000);
  }

  @Test
  void areWrittenAsInAConfiguration() {
    assertThat(LocalSteps.every(50)).hasToString("50");
    assertThat(LocalSteps.everyEpoch()).hasToString("epoch");
    assertThat(GROWING).hasToString("{first: 10, factor: 1.5, most: 60}");
  }

  @Test
  void refuseWhatCannotBeMade() {
    assertThatThrownBy(() -> LocalSteps.every(0))
        .hasMessage("localSteps must be at least 1, got 0");
    assertThatThrownBy(() -> LocalSteps.growing(5, 1, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("factor from 1.01");
    assertThatThrownBy(() -> LocalSteps.growing(5, Double.NaN, 10)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> LocalSteps.growing(5, 2, 4)).hasMessageContaining("most 4");
  }
}
