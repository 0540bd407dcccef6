package dev.eddy.model.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.testing.Implementations;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleTest {
  static Stream<Schedule> all() {
    return Stream.of(
        new Constant(),
        new StepDecay(10, 0.5),
        new Exponential(10, 0.5),
        new Cosine(100, 0.1),
        new WarmUp(4, new StepDecay(10, 0.5)),
        new OneCycle(100),
        new Plateau(0.5, 2, 0.1));
  }

  @Test
  void everyScheduleIsRegisteredAndTested() {
    List<String> types = Implementations.of(Schedule.class);
    assertThat(OptimKinds.schedules().values().stream().map(Class::getName))
        .containsExactlyInAnyOrderElementsOf(types);
    assertThat(all().map(schedule -> schedule.getClass().getName()))
        .containsExactlyInAnyOrderElementsOf(types);
    assertThat(all())
        .allSatisfy(s -> assertThat(OptimKinds.schedules()).containsEntry(s.kind(), s.getClass()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void isSpelledInJsonAndStaysWithinTheBaseRate(Schedule schedule) throws Exception {
    String text = OptimKinds.mapper().writerFor(Schedule.class).writeValueAsString(schedule);
    assertThat(OptimKinds.mapper().readValue(text, Schedule.class)).isEqualTo(schedule);
    double[] state = schedule.newState();
    for (long step = 0; step < 300; step++) {
      assertThat(schedule.rate(2, step, state)).isBetween(0.0, 2.0);
    }
  }

  @Test
  void followTheirEquations() {
    assertThat(at(new Constant(), 9)).isEqualTo(2);
    assertThat(at(new StepDecay(10, 0.5), 9)).isEqualTo(2);
    assertThat(at(new StepDecay(10, 0.5), 10)).isEqualTo(1);
    assertThat(at(new StepDecay(10, 0.5), 25)).isEqualTo(0.5);
    assertThat(at(new Exponential(10, 0.25), 5)).isEqualTo(1);
    assertThat(at(new Cosine(100, 0.1), 0)).isEqualTo(2);
    assertThat(at(new Cosine(100, 0.1), 50)).isCloseTo(1.1, within(1e-12));
    assertThat(at(new Cosine(100, 0.1), 100)).isCloseTo(0.2, within(1e-12));
    assertThat(at(new Cosine(100, 0.1), 1000)).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void aWarmUpRisesAndThenHandsOver() {
    Schedule schedule = new WarmUp(4, new StepDecay(10, 0.5));
    assertThat(at(schedule, 0)).isEqualTo(0.5);
    assertThat(at(schedule, 3)).isEqualTo(2);
    assertThat(at(schedule, 4)).isEqualTo(2);
    assertThat(at(schedule, 13)).isEqualTo(2);
    assertThat(at(schedule, 14)).isEqualTo(1);
  }

  @Test
  void oneCycleRisesAndFalls() {
    Schedule cycle = new OneCycle(100, 0.25, 0.1, 0.01);
    assertThat(at(cycle, 0)).isCloseTo(0.2, within(1e-12));
    assertThat(at(cycle, 25)).isCloseTo(2, within(1e-12));
    assertThat(at(cycle, 12)).isBetween(0.9, 1.2);
    assertThat(at(cycle, 100)).isCloseTo(0.02, within(1e-12));
    assertThat(at(cycle, 101)).isCloseTo(0.02, within(1e-12));
    assertThat(at(new OneCycle(10, 1, 0.1, 0), 10)).isZero();
    assertThat(at(new OneCycle(10, 0, 0.1, 0), 0)).isEqualTo(2);
  }

  @Test
  void oneWithAnEndCanBeLaidOverOtherSteps() {
    assertThat(new Cosine(100, 0.1).over(7)).isEqualTo(new Cosine(7, 0.1));
    assertThat(new OneCycle(100).over(7)).isEqualTo(new OneCycle(7));
    assertThat(new WarmUp(10, new Cosine(90, 0)).over(1000))
        .isEqualTo(new WarmUp(100, new Cosine(900, 0)));
    assertThat(new WarmUp(10, new Cosine(90, 0)).over(1))
        .isEqualTo(new WarmUp(1, new Cosine(1, 0)));
    for (Schedule endless :
        List.of(new Constant(), new StepDecay(9, 0.5), new WarmUp(9, new Constant()))) {
      assertThat(endless.length()).isZero();
      assertThat(endless.over(5)).isEqualTo(endless);
    }
    assertThat(new WarmUp(10, new OneCycle(90)).length()).isEqualTo(100);
  }

  @Test
  void aPlateauLowersTheRateAndRemembersInItsState() {
    Schedule schedule = new WarmUp(1, new Plateau(0.5, 2, 0.2));
    double[] state = schedule.newState();
    double[] losses = {3, 2, 2, 2.5, 1.9, 2, 2, 2, 2, 2, 2};
    double[] rates = {2, 2, 2, 1, 1, 1, 0.5, 0.5, 0.4, 0.4, 0.4};
    for (int i = 0; i < losses.length; i++) {
      schedule.validated(losses[i], state);
      assertThat(schedule.rate(2, 5, state)).as("after loss %d", i).isEqualTo(rates[i]);
    }
    schedule.validated(Double.NaN, state); // no better than before
    assertThat(state[1]).isEqualTo(1.9);
  }

  @Test
  void refuseParametersThatCannotWork() {
    assertThatThrownBy(() -> new StepDecay(0, 0.5))
        .hasMessage("step: every must be at least 1, got 0.0");
    assertThatThrownBy(() -> new Plateau(1, 2, 0)).hasMessageContaining("plateau: factor");
    assertThatThrownBy(() -> new WarmUp(3, null)).hasMessageContaining("warmup: then");
    assertThatThrownBy(() -> new Cosine(10, 2)).hasMessageContaining("within [0, 1]");
  }

  private static double at(Schedule schedule, long step) {
    return schedule.rate(2, step, schedule.newState());
  }
}
