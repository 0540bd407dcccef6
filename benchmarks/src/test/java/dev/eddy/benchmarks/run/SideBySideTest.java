package dev.eddy.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.benchmarks.work.Sample;
import dev.eddy.benchmarks.work.StepWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Real processes, measured for an instant. */
class SideBySideTest {
  private static final Plan INSTANT = new Plan(2, 1, 10, 2, 10);

  @Test
  void processesTakeTurns() {
    Row row = Row.step(new StepWork(8, 4, 2), 1, 1, 1);
    List<String> progress = new ArrayList<>();
    Outcome outcome = SideBySide.run(List.of(row), false, INSTANT, progress::add).get(0);
    assertThat(progress).hasSize(2).last().asString().endsWith("(sitting 2 of 2)");
    assertThat(outcome.contestants())
        .containsExactly(Contestant.EDDY, Contestant.PORTABLE, Contestant.PEAK);
    assertThat(outcome.time(Contestant.EDDY)).isPositive();
    assertThat(outcome.median(Contestant.EDDY, Sample::operations)).isGreaterThanOrEqualTo(1);
    assertThat(outcome.peak()).isPositive();
  }

  @Test
  void aProcessThatFailsIsQuoted() {
    Map<String, String> impossible = Map.of("hidden", "0", "inputs", "1", "batch", "1");
    Row row = new Row("step", "nothing", impossible, 1, 1, Map.of());
    assertThatThrownBy(() -> SideBySide.run(List.of(row), false, INSTANT, line -> {}))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("ended early")
        .hasMessageContaining("units must be");
  }
}
