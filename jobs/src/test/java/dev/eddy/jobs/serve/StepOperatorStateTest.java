package dev.eddy.jobs.serve;

import static dev.eddy.jobs.serve.StepHarness.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.PipelineConfig.Swap;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** That state written between snapshots is neither lost nor leaks into a snapshot taken before. */
class StepOperatorStateTest {
  private static final StepSettings SETTINGS = TestModels.settings(Swap.REWARM, 4, 5, 0, 0);

  @Test
  void noWriteIsLostAfterASnapshotAndNoneReachesIt() throws Exception {
    List<OperatorSubtaskState> snapshots = new ArrayList<>();
    OfflinePass offline = new OfflinePass(SETTINGS, TestModels::model);
    try (StepHarness step = StepHarness.start(SETTINGS)) {
      for (int i = 0; i < 60; i++) {
        step.send(at(i));
        offline.apply(at(i), 1, 1);
        if (i % 10 == 9) {
          snapshots.add(step.checkpoint(i));
        }
      }
      assertSame(step, offline, 0);
    }
    for (int s = 0; s < snapshots.size(); s++) {
      // Each snapshot, restored and given the rest, continues exactly where it was taken.
      try (StepHarness step = StepHarness.restore(SETTINGS, snapshots.get(s))) {
        for (int i = 10 * (s + 1); i < 60; i++) {
          step.send(at(i));
        }
        step.flink.endInput1();
        assertSame(step, offline, 10 * (s + 1));
      }
    }
  }

  private static Parsed.Event at(int i) {
    return event(i % 3 == 0 ? "a" : "b", 1000L * i, 50 + (i * 13) % 11, i);
  }

  @Test
  void stateOfOtherSettingsIsRefusedAndNotMisread() throws Exception {
    StepSettings settings = TestModels.settings();
    OperatorSubtaskState state;
    try (StepHarness step = StepHarness.start(settings)) {
      for (int i = 0; i < 30; i++) {
        step.send(event("a", 1000L * i, i % 5, i));
      }
      state = step.checkpoint(1);
    }
    ForecastSpec t = settings.task();
    ForecastSpec shorter =
        new ForecastSpec(
            t.horizon(),
            t.stepMillis(),
            t.quantiles(),
            t.seasons(),
            t.skip(),
            t.lookback(),
            t.scaleWindow(),
            t.warmup(),
            t.ring() - 5,
            t.network());
    StepSettings other =
        new StepSettings(TestModels.PIPELINE, shorter, settings.swap(), 1, 0, 0, 0);
    assertThatThrownBy(() -> StepHarness.restore(other, state))
        .isInstanceOf(StateMismatchException.class)
        .hasMessageContaining("serving.ring was 16, is 11 now");
  }

  private static void assertSame(StepHarness step, OfflinePass offline, int from) {
    assertThat(step.predictions().stream().map(Bits::of))
        .containsExactlyInAnyOrderElementsOf(
            offline.predictions.stream().skip(from).map(Bits::of).toList());
  }
}
