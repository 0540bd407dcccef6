package dev.eddy.jobs.serve;

import static dev.eddy.jobs.serve.StepHarness.event;
import static dev.eddy.jobs.serve.TestModels.pointed;
import static dev.eddy.jobs.serve.TestModels.published;
import static dev.eddy.jobs.serve.TestModels.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.PipelineConfig.Swap;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.jobs.registry.ModelRecord;
import dev.eddy.jobs.registry.ModelRef;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How a model changes under a running operator, and what is refused. */
class StepOperatorSwapTest {

  @ParameterizedTest
  @EnumSource(Swap.class)
  void aSwapTreatsEachStateByThePolicyAtItsNextEvent(Swap policy) throws Exception {
    StepSettings settings = TestModels.settings(policy, 1, 0, 0, 0);
    OfflinePass offline = new OfflinePass(settings, TestModels::model);
    try (StepHarness step = StepHarness.start(settings)) {
      for (Parsed.Event e : series("a", 0, 40)) {
        step.send(e);
        offline.apply(e, 1, 1);
      }
      step.send(published(2), pointed(2, 2));
      for (Parsed.Event e : series("a", 40, 50)) {
        step.send(e);
        offline.apply(e, 2, 2);
      }
      step.send(published(101), pointed(101, 3)); // another architecture
      for (Parsed.Event e : series("a", 50, 60)) {
        step.send(e);
        offline.apply(e, 101, 3);
      }
      assertThat(step.predictions().stream().map(Bits::of))
          .containsExactlyElementsOf(offline.predictions.stream().map(Bits::of).toList());
    }
  }

  @Test
  void aRingThatCoversTheWholeHistoryGivesTheBitsOfARunFromTheStart() throws Exception {
    int ring = TestModels.TASK.ring();
    List<Parsed.Event> history = series("a", 0, ring);
    Parsed.Event next = series("a", ring, ring + 1).get(0);
    try (StepHarness swapped = StepHarness.start(TestModels.settings());
        StepHarness fromStart = StepHarness.restore(TestModels.settings(), ref(2, 2), 1, 0, null)) {
      swapped.send(history.toArray(Parsed.Event[]::new));
      swapped.send(published(2), pointed(2, 2)).send(next);
      fromStart.send(history.toArray(Parsed.Event[]::new)).send(next);
      assertThat(Bits.of(last(swapped))).isEqualTo(Bits.of(last(fromStart)));
    }
  }

  @Test
  void theEpochMustRiseAndTheVersionMayFall() throws Exception {
    try (StepHarness step = StepHarness.start(TestModels.settings())) {
      step.send(published(2), pointed(2, 5)).send(event("a", 1000, 1, 0));
      step.send(published(3), pointed(3, 5)).send(event("a", 2000, 1, 1)); // not above: ignored
      step.send(pointed(3, 4)).send(event("a", 3000, 1, 2)); // below: ignored
      step.send(pointed(1, 6))
          .send(event("a", 4000, 1, 3)); // rollback to the job's own first model
      assertThat(step.versions()).containsExactly(2, 2, 2, 1);
      assertThat(last(step).forecast().swapEpoch()).isEqualTo(6);
    }
  }

  @Test
  void rollsBackToAVersionWhoseManifestItNeverSaw() throws Exception {
    try (StepHarness step = StepHarness.start(TestModels.settings())) {
      step.send(pointed(55, 2)).send(event("a", 1000, 1, 0));
      step.send(pointed(56, 3)).send(event("a", 2000, 1, 1)); // nobody knows it
      assertThat(step.versions()).containsExactly(55, 55);
    }
  }

  @ParameterizedTest
  @CsvSource({"200", "300"})
  void aModelThatDoesNotFitIsRefusedAndTheOldOneGoesOn(int bad) throws Exception {
    try (StepHarness step = StepHarness.start(TestModels.settings())) {
      step.send(event("a", 1000, 1, 0));
      step.send(published(bad), pointed(bad, 2)).send(event("a", 2000, 1, 1));
      step.send(published(2), pointed(2, 3)).send(event("a", 3000, 1, 2));
      assertThat(step.versions()).containsExactly(1, 1, 2);
    }
  }

  @Test
  void ignoresOtherPipelinesModels() throws Exception {
    try (StepHarness step = StepHarness.start(TestModels.settings())) {
      step.send(
          new ModelRecord.Pointed("other", 2, 9, "", List.of()),
          new ModelRecord.Retired("other", 1));
      step.send(published(2), pointed(2, 2)).send(event("a", 1000, 1, 0));
      assertThat(step.versions()).containsExactly(2);
    }
  }

  @Test
  void aRetiredLiveVersionGoesOn() throws Exception {
    try (StepHarness step = StepHarness.start(TestModels.settings())) {
      step.send(new ModelRecord.Retired(TestModels.PIPELINE, 1)).send(event("a", 1000, 1, 0));
      assertThat(step.versions()).containsExactly(1);
      step.send(published(2), pointed(2, 2)).send(event("a", 2000, 1, 1));
      step.send(pointed(1, 3)).send(event("a", 3000, 1, 2)); // retired: cannot come back
      assertThat(step.versions()).containsExactly(1, 2, 2);
    }
  }

  @Test
  void aVersionCannotBeReplacedByAnother() throws Exception {
    try (StepHarness step = StepHarness.start(TestModels.settings())) {
      step.send(published(2));
      step.send(
          new ModelRecord.Published(
              new ModelRef(TestModels.PIPELINE, 2, 0, "of another model", 100, 0, 900)));
      // A pointer to the other one is refused, one to the first is followed.
      step.send(new ModelRecord.Pointed(TestModels.PIPELINE, 2, 2, "of another model", List.of(1)));
      step.send(event("a", 1000, 1, 0));
      step.send(pointed(2, 3)).send(event("a", 2000, 1, 1));
      assertThat(step.versions()).containsExactly(1, 2);
    }
  }

  @Test
  void aRestoredJobKeepsWhatItKnowsOfAVersionAgainstItsArgument() throws Exception {
    OperatorSubtaskState state;
    try (StepHarness step = StepHarness.start(TestModels.settings())) {
      step.send(published(2), pointed(2, 3));
      state = step.checkpoint(1);
    }
    ModelRef other = new ModelRef(TestModels.PIPELINE, 2, 9, "of another model", 100, 0, 900);
    try (StepHarness step = StepHarness.restore(TestModels.settings(), other, 1, 0, state)) {
      step.send(event("a", 1000, 1, 0));
      assertThat(last(step).forecast().swapEpoch()).isEqualTo(3);
    }
  }

  @Test
  void aRestoredJobServesTheNewerOfItsStateAndItsArgument() throws Exception {
    StepSettings settings = TestModels.settings();
    OperatorSubtaskState state;
    try (StepHarness step = StepHarness.start(settings)) {
      step.send(published(2), pointed(2, 3)).send(event("a", 1000, 1, 0));
      state = step.checkpoint(1);
    }
    try (StepHarness step = StepHarness.restore(settings, ref(1, 2), 1, 0, state)) {
      assertThat(last(step.send(event("a", 2000, 1, 1))).forecast().modelVersion()).isEqualTo(2);
    }
    try (StepHarness step = StepHarness.restore(settings, ref(4, 4), 1, 0, state)) {
      step.send(pointed(2, 3)); // the topic is read again from before
      assertThat(last(step.send(event("a", 2000, 1, 1))).forecast().modelVersion()).isEqualTo(4);
    }
    try (StepHarness step = StepHarness.restore(settings, ref(300, 4), 1, 0, state)) {
      assertThat(last(step.send(event("a", 2000, 1, 1))).forecast().modelVersion()).isEqualTo(2);
    }
  }

  @Test
  void aVersionSeenSinceTheJobWasSubmittedIsNotForgottenForTheArgumentsRecord() throws Exception {
    OperatorSubtaskState state;
    try (StepHarness step = StepHarness.start(TestModels.settings())) {
      step.send(published(2), pointed(2, 3));
      ModelRef now = ref(3, 0);
      step.send(
          new ModelRecord.Published(
              new ModelRef(now.name(), 3, 0, now.sha256(), now.size(), 0, 900)));
      state = step.checkpoint(1);
    }
    ModelRef old = new ModelRef(TestModels.PIPELINE, 3, 1, "of a retired model", 100, 0, 3);
    try (StepHarness step = StepHarness.restore(TestModels.settings(), old, 1, 0, state)) {
      step.send(pointed(3, 4)).send(event("a", 1000, 1, 0));
      assertThat(step.versions()).containsExactly(3);
    }
  }

  @Test
  void aJobWhoseOnlyModelDoesNotFitDoesNotStart() {
    assertThatThrownBy(() -> StepHarness.restore(TestModels.settings(), ref(200, 1), 1, 0, null))
        .isInstanceOf(RefusedModelException.class)
        .hasMessageContaining("horizon should be 3, is 2");
  }

  @Test
  void everySubtaskOfAWiderJobKnowsTheLiveModelAndItsOwnEntities() throws Exception {
    StepSettings settings = TestModels.settings();
    OfflinePass offline = new OfflinePass(settings, TestModels::model);
    List<String> keys = List.of(keyOf(0), keyOf(1));
    OperatorSubtaskState state;
    try (StepHarness step = StepHarness.start(settings)) {
      step.send(published(2), pointed(2, 7));
      for (String key : keys) {
        for (Parsed.Event e : series(key, 0, 10)) {
          step.send(e);
          offline.apply(e, 2, 7);
        }
      }
      state = step.checkpoint(1);
    }
    for (int subtask = 0; subtask < 2; subtask++) {
      OperatorSubtaskState mine =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              state, StepHarness.MAX_PARALLELISM, 1, 2, subtask);
      try (StepHarness step = StepHarness.restore(settings, ref(1, 1), 2, subtask, mine)) {
        assertThat(step.flink.numKeyedStateEntries()).isEqualTo(3);
        Parsed.Event next = series(keys.get(subtask), 10, 11).get(0);
        offline.apply(next, 2, 7);
        assertThat(Bits.of(last(step.send(next))))
            .isEqualTo(Bits.of(offline.predictions.get(offline.predictions.size() - 1)));
      }
    }
  }

  /** An entity that belongs to this subtask of two. */
  private static String keyOf(int subtask) {
    return IntStream.range(0, 100)
        .mapToObj(i -> "entity-" + i)
        .filter(
            key ->
                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        key, StepHarness.MAX_PARALLELISM, 2)
                    == subtask)
        .findFirst()
        .orElseThrow();
  }

  private static List<Parsed.Event> series(String entity, int from, int to) {
    List<Parsed.Event> events = new ArrayList<>();
    for (int i = from; i < to; i++) {
      events.add(event(entity, 1000L * i, 10 + (i * 7) % 5, i));
    }
    return events;
  }

  private static Prediction last(StepHarness step) {
    return step.predictions().get(step.predictions().size() - 1);
  }
}
