package dev.eddy.jobs.serve;

import static dev.eddy.jobs.serve.StepHarness.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.jobs.config.PipelineConfig.Swap;
import dev.eddy.jobs.io.Parsed;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.Test;

/** Which events are applied, and in what order: late ones, ties, gaps, delayed ones. */
class StepOperatorOrderTest {

  @Test
  void anOlderEventIsLateAndTouchesNothing() throws Exception {
    StepSettings settings = TestModels.settings();
    OfflinePass offline = new OfflinePass(settings, TestModels::model);
    try (StepHarness step = StepHarness.start(settings)) {
      Parsed.Event late = event("a", 1500, 9, 1);
      step.send(event("a", 2000, 1, 0), late, event("b", 1500, 2, 2), event("a", 3000, 3, 3));
      assertThat(step.offsets()).containsExactly(0L, 2L, 3L);
      assertThat(step.late()).hasSize(1);
      assertThat(step.late().get(0).event()).isEqualTo(late);
      assertThat(step.late().get(0).lastTime()).isEqualTo(2000);
      List.of(event("a", 2000, 1, 0), event("b", 1500, 2, 2), event("a", 3000, 3, 3))
          .forEach(e -> offline.apply(e, 1, 1));
      assertSame(step, offline);
    }
  }

  @Test
  void tiesGoByPartitionAndOffset() throws Exception {
    try (StepHarness step = StepHarness.start(TestModels.settings())) {
      step.send(
          event("a", 2000, 1, 1, 10),
          event("a", 2000, 2, 1, 11), // after by offset
          event("a", 2000, 3, 1, 11), // the very same record again
          event("a", 2000, 4, 0, 99), // an earlier partition
          event("a", 2000, 5, 2, 0), // a later partition
          event("a", 2000, 6, 1, 12)); // after by offset, but its partition is behind by now
      assertThat(step.predictions())
          .extracting(p -> p.input().partition() + "/" + p.input().offset())
          .containsExactly("1/10", "1/11", "2/0");
      assertThat(step.late()).extracting(l -> l.event().value()).containsExactly(3.0, 4.0, 6.0);
    }
  }

  @Test
  void everyInputEndsInExactlyOneOutput() throws Exception {
    try (StepHarness step = StepHarness.start(TestModels.settings(Swap.REWARM, 4, 5, 0, 0))) {
      long[] times = {5, 3, 5, 6, 1, 9, 2, 9, 12};
      for (int i = 0; i < times.length; i++) {
        step.send(event("a", times[i] * 1000, i, i));
      }
      step.flink.endInput1();
      List<Long> late = step.late().stream().map(l -> l.event().position().offset()).toList();
      assertThat(step.offsets()).doesNotContainAnyElementsOf(late);
      assertThat(step.offsets().size() + late.size()).isEqualTo(times.length);
      assertThat(late).containsExactly(1L, 4L, 6L);
    }
  }

  @Test
  void aLongSilenceStartsTheEntityAnewByItsOwnGapAlone() throws Exception {
    StepSettings settings = TestModels.settings(Swap.REWARM, 1, 0, 0, 3);
    StepSettings never = TestModels.settings(Swap.REWARM, 1, 0, 0, 0);
    List<Parsed.Event> events =
        List.of(
            event("a", 1000, 1, 0),
            event("a", 2000, 5, 1),
            event("b", 900_000, 1, 2), // others move on: nothing to a
            event("a", 5000, 2, 3), // three steps: not more than the limit
            event("a", 9000, 4, 4)); // four: anew
    OfflinePass offline = new OfflinePass(settings, TestModels::model);
    OfflinePass without = new OfflinePass(never, TestModels::model);
    events.forEach(e -> offline.apply(e, 1, 1));
    events.forEach(e -> without.apply(e, 1, 1));
    try (StepHarness step = StepHarness.start(settings)) {
      for (Parsed.Event event : events) {
        step.send(event);
        step.flink.processWatermark1(
            new org.apache.flink.streaming.api.watermark.Watermark(event.time()));
        step.flink.setProcessingTime(event.time());
      }
      assertSame(step, offline);
      List<String> unreset = without.predictions.stream().map(Bits::of).toList();
      List<String> actual = step.predictions().stream().map(Bits::of).toList();
      assertThat(actual.subList(0, 4)).isEqualTo(unreset.subList(0, 4));
      assertThat(actual.get(4)).isNotEqualTo(unreset.get(4));
    }
  }

  @Test
  void delayedEventsAreAppliedInOrderOfTheirOwnEntitysClock() throws Exception {
    StepSettings settings = TestModels.settings(Swap.REWARM, 1, 0, 2000, 0);
    try (StepHarness step = StepHarness.start(settings)) {
      step.send(event("a", 3000, 1, 0), event("b", 90_000, 1, 1), event("a", 1000, 2, 2));
      // a's clock stands at 3000: only what is 2000 older or more is released.
      assertThat(step.offsets()).containsExactly(2L);
      step.send(event("a", 2000, 3, 3));
      assertThat(step.offsets()).containsExactly(2L);
      step.send(event("a", 5000, 4, 4));
      assertThat(step.offsets()).containsExactly(2L, 3L, 0L);
      step.send(event("a", 2500, 5, 5)); // older than what was applied
      assertThat(step.late()).extracting(l -> l.event().position().offset()).containsExactly(5L);
      step.flink.endInput1();
      assertThat(step.offsets()).containsExactlyInAnyOrder(2L, 3L, 0L, 4L, 1L);
      assertThat(step.flink.numKeyedStateEntries()).isEqualTo(2 * 3); // the delay's state is gone
    }
  }

  @Test
  void delayedEventsSurviveARestore() throws Exception {
    StepSettings settings = TestModels.settings(Swap.REWARM, 10, 5, 2000, 0);
    OperatorSubtaskState state;
    try (StepHarness step = StepHarness.start(settings)) {
      step.send(event("a", 3000, 1, 0), event("a", 2000, 2, 1));
      state = step.checkpoint(1);
      assertThat(step.predictions()).isEmpty();
    }
    try (StepHarness step = StepHarness.restore(settings, state)) {
      step.send(event("a", 5000, 3, 2));
      step.flink.endInput1();
      assertThat(step.offsets()).containsExactly(1L, 0L, 2L);
      assertThat(step.late()).isEmpty();
    }
  }

  @Test
  void delayedEventsAreAnsweredWhereTheDelayIsGoneAfterARestore() throws Exception {
    OperatorSubtaskState state;
    try (StepHarness step = StepHarness.start(TestModels.settings(Swap.REWARM, 1, 0, 2000, 0))) {
      step.send(event("a", 3000, 1, 0), event("a", 2000, 2, 1), event("b", 2000, 2, 2));
      state = step.checkpoint(1);
      assertThat(step.predictions()).isEmpty();
    }
    StepSettings settings = TestModels.settings(Swap.REWARM, 10, 5, 0, 0);
    try (StepHarness step = StepHarness.restore(settings, state)) {
      step.send(event("a", 5000, 3, 3));
      step.flink.endInput1();
      assertThat(step.late()).isEmpty();
      assertThat(step.offsets()).hasSize(4).contains(2L).containsSubsequence(1L, 0L, 3L);
    }
    try (StepHarness step = StepHarness.restore(settings, state)) {
      step.flink.processWatermark1(new Watermark(9000)); // a, b may stay silent
      assertThat(step.offsets()).hasSize(3);
    }
  }

  @Test
  void keepsThreeStateEntriesForAnEntityAndNoneForALateEvent() throws Exception {
    try (StepHarness step = StepHarness.start(TestModels.settings())) {
      for (int i = 0; i < 50; i++) {
        step.send(event("a", 1000L * i, i, 2L * i), event("b", 1000L * i, i, 2L * i + 1));
      }
      assertThat(step.flink.numKeyedStateEntries()).isEqualTo(2 * 3); // entity, ring, pending
      step.send(event("a", 5, 0, 100));
      assertThat(step.flink.numKeyedStateEntries()).isEqualTo(2 * 3);
      assertThat(step.flink.numEventTimeTimers()).isZero();
      assertThat(step.flink.numProcessingTimeTimers()).isZero();
    }
  }

  private static void assertSame(StepHarness step, OfflinePass offline) {
    assertThat(step.predictions().stream().map(Bits::of))
        .containsExactlyElementsOf(offline.predictions.stream().map(Bits::of).toList());
    assertThat(step.scores().stream().map(Bits::of))
        .containsExactlyElementsOf(offline.scores.stream().map(Bits::of).toList());
  }
}
