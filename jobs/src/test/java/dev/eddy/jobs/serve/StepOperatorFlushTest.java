package dev.eddy.jobs.serve;

import static dev.eddy.jobs.serve.StepHarness.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.jobs.config.PipelineConfig.Swap;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.Prediction;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.junit.jupiter.api.Test;

/** When the step operator flushes, and what must not overtake what. */
class StepOperatorFlushTest {
  private static final StepSettings BATCHED = TestModels.settings(Swap.REWARM, 3, 5, 0, 0);

  @Test
  void waitsForOthersUpToTheBatchSize() throws Exception {
    try (StepHarness step = StepHarness.start(BATCHED)) {
      step.send(event("a", 1000, 1, 0), event("b", 1000, 2, 1));
      assertThat(step.predictions()).isEmpty();
      step.send(event("c", 1000, 3, 2));
      assertThat(step.offsets()).containsExactlyInAnyOrder(0L, 1L, 2L);
    }
  }

  @Test
  void waitsForOthersUpToTheLinger() throws Exception {
    try (StepHarness step = StepHarness.start(BATCHED)) {
      step.flink.setProcessingTime(100);
      step.send(event("a", 1000, 1, 0));
      step.flink.setProcessingTime(104);
      step.send(event("b", 1000, 1, 1));
      assertThat(step.predictions()).isEmpty();
      step.flink.setProcessingTime(106);
      assertThat(step.offsets()).containsExactlyInAnyOrder(0L, 1L);
    }
  }

  @Test
  void keepsOneTimerOutstandingAndGivesEachBatchItsWholeLinger() throws Exception {
    try (StepHarness step = StepHarness.start(BATCHED)) {
      step.flink.setProcessingTime(100);
      step.send(event("a", 1000, 1, 0), event("b", 1000, 1, 1), event("c", 1000, 1, 2));
      assertThat(step.predictions()).hasSize(3);
      step.flink.setProcessingTime(103);
      step.send(event("a", 2000, 1, 3));
      assertThat(step.flink.getProcessingTimeService().getNumActiveTimers()).isEqualTo(1);
      step.flink.setProcessingTime(106); // the first batch's timer: too early for the second
      assertThat(step.predictions()).hasSize(3);
      assertThat(step.flink.getProcessingTimeService().getNumActiveTimers()).isEqualTo(1);
      step.flink.setProcessingTime(109);
      assertThat(step.predictions()).hasSize(4);
      assertThat(step.flink.getProcessingTimeService().getNumActiveTimers()).isZero();
    }
  }

  @Test
  void withoutLingerStepsEachEventAtOnce() throws Exception {
    try (StepHarness step = StepHarness.start(TestModels.settings(Swap.REWARM, 100, 0, 0, 0))) {
      step.send(event("a", 1000, 1, 0));
      assertThat(step.offsets()).containsExactly(0L);
      assertThat(step.flink.getProcessingTimeService().getNumActiveTimers()).isZero();
    }
  }

  @Test
  void flushesBeforeABarrier() throws Exception {
    try (StepHarness step = StepHarness.start(BATCHED)) {
      step.send(event("a", 1000, 1, 0));
      step.flink.prepareSnapshotPreBarrier(1);
      assertThat(step.offsets()).containsExactly(0L);
    }
  }

  @Test
  void flushesBeforeAWatermarkAndPassesItOnAfterwards() throws Exception {
    try (StepHarness step = StepHarness.start(BATCHED)) {
      step.send(event("a", 1000, 1, 0));
      step.flink.processWatermark1(new Watermark(900));
      assertThat(kinds(step)).containsExactly("prediction", "watermark 900");
    }
  }

  @Test
  void flushesWhenTheEventsGoIdleOrEnd() throws Exception {
    try (StepHarness step = StepHarness.start(BATCHED)) {
      step.send(event("a", 1000, 1, 0));
      step.flink.processWatermarkStatus1(WatermarkStatus.IDLE);
      assertThat(kinds(step)).containsExactly("prediction", "idle");
      step.flink.processWatermarkStatus1(WatermarkStatus.ACTIVE);
      step.send(event("a", 2000, 1, 1));
      step.flink.endInput1();
      assertThat(kinds(step)).containsExactly("prediction", "idle", "active", "prediction");
    }
  }

  @Test
  void theModelsSideHoldsNothingBack() throws Exception {
    try (StepHarness step = StepHarness.start(BATCHED)) {
      step.flink.processWatermark1(new Watermark(900)); // no watermark of the models is waited for
      assertThat(kinds(step)).containsExactly("watermark 900");
      step.flink.processWatermark2(new Watermark(Long.MAX_VALUE));
      step.flink.processWatermarkStatus2(WatermarkStatus.IDLE);
      step.flink.processWatermarkStatus2(WatermarkStatus.ACTIVE);
      step.flink.endInput2();
      assertThat(kinds(step)).containsExactly("watermark 900");
      step.flink.processWatermarkStatus1(WatermarkStatus.IDLE);
      assertThat(kinds(step)).containsExactly("watermark 900", "idle");
    }
  }

  @Test
  void flushesUnderTheOldWeightsBeforeASwap() throws Exception {
    try (StepHarness step = StepHarness.start(BATCHED)) {
      step.send(event("a", 1000, 1, 0));
      step.send(TestModels.published(2), TestModels.pointed(2, 2));
      step.send(event("b", 1000, 1, 1));
      step.flink.endInput1();
      assertThat(step.offsets()).containsExactly(0L, 1L);
      assertThat(step.versions()).containsExactly(1, 2);
    }
  }

  @Test
  void stepsEventsOfOneEntityInWaves() throws Exception {
    StepSettings wide = TestModels.settings(Swap.REWARM, 100, 5, 0, 0);
    List<Parsed.Event> events = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      events.add(event(i % 3 == 0 ? "a" : "b", 1000L * i, i % 7, i));
    }
    OfflinePass offline = new OfflinePass(wide, TestModels::model);
    events.forEach(e -> offline.apply(e, 1, 1));
    try (StepHarness step = StepHarness.start(wide)) {
      step.send(events.toArray(Parsed.Event[]::new));
      assertThat(step.predictions()).isEmpty();
      step.flink.endInput1();
      assertThat(step.predictions().stream().map(Bits::of))
          .containsExactlyInAnyOrderElementsOf(offline.predictions.stream().map(Bits::of).toList());
      for (String entity : List.of("a", "b")) {
        assertThat(
                step.predictions().stream()
                    .filter(p -> p.entity().equals(entity))
                    .map(p -> p.input().offset()))
            .isSorted();
      }
    }
  }

  @Test
  void doesNotHoldOnToARecordThatItsCallerReuses() throws Exception {
    try (StepHarness step = StepHarness.start(BATCHED)) {
      StreamRecord<Parsed.Event> reused = new StreamRecord<>(null);
      for (int i = 0; i < 3; i++) {
        Parsed.Event event = event("e" + i, 1000, i, i);
        step.flink.processElement1(reused.replace(event, event.time()));
      }
      assertThat(step.offsets()).containsExactly(0L, 1L, 2L);
      assertThat(step.predictions())
          .extracting(Prediction::entity)
          .containsExactly("e0", "e1", "e2");
    }
  }

  private static List<String> kinds(StepHarness step) {
    return step.flink.getOutput().stream().map(StepOperatorFlushTest::kind).toList();
  }

  private static String kind(Object element) {
    if (element instanceof Watermark mark) {
      return "watermark " + mark.getTimestamp();
    }
    if (element instanceof WatermarkStatus status) {
      return status.isIdle() ? "idle" : "active";
    }
    return "prediction";
  }
}
