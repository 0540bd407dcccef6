package dev.eddy.jobs.serve;

import dev.eddy.jobs.io.InputPosition;
import dev.eddy.jobs.io.LateEvent;
import dev.eddy.jobs.io.LiveScore;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.jobs.registry.ModelRecord;
import dev.eddy.jobs.registry.ModelRef;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** The step operator under Flink's operator harness, with the few moves that the tests make. */
final class StepHarness implements AutoCloseable {
  static final int MAX_PARALLELISM = 8;

  final KeyedTwoInputStreamOperatorTestHarness<String, Parsed.Event, ModelRecord, Prediction> flink;

  private StepHarness(StepSettings settings, ModelRef live, int parallelism, int subtask)
      throws Exception {
    flink =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new StepOperator(settings, new TestModels(), live),
            Parsed.Event::entity,
            null,
            Types.STRING,
            MAX_PARALLELISM,
            parallelism,
            subtask);
    flink.setup();
  }

  /** One subtask alone, from nothing, with version 1 live. */
  static StepHarness start(StepSettings settings) throws Exception {
    return restore(settings, null);
  }

  /**
   * One subtask alone, from a snapshot or (null) from nothing; the job's argument is version 1,
   * epoch 1.
   */
  static StepHarness restore(StepSettings settings, OperatorSubtaskState state) throws Exception {
    return restore(settings, TestModels.ref(1, 1), 1, 0, state);
  }

  /** A subtask of several. */
  static StepHarness restore(
      StepSettings settings,
      ModelRef live,
      int parallelism,
      int subtask,
      OperatorSubtaskState state)
      throws Exception {
    StepHarness harness = new StepHarness(settings, live, parallelism, subtask);
    if (state == null) {
      harness.flink.initializeEmptyState();
    } else {
      harness.flink.initializeState(state);
    }
    harness.flink.open();
    return harness;
  }

  /** An event of partition 0. */
  static Parsed.Event event(String entity, long time, double value, long offset) {
    return event(entity, time, value, 0, offset);
  }

  /** An event. */
  static Parsed.Event event(String entity, long time, double value, int partition, long offset) {
    return new Parsed.Event(entity, time, value, new InputPosition("events", partition, offset));
  }

  StepHarness send(Parsed.Event... events) throws Exception {
    for (Parsed.Event event : events) {
      flink.processElement1(new StreamRecord<>(event, event.time()));
    }
    return this;
  }

  StepHarness send(ModelRecord... records) throws Exception {
    for (ModelRecord record : records) {
      flink.processElement2(new StreamRecord<>(record));
    }
    return this;
  }

  /** What a barrier does. */
  OperatorSubtaskState checkpoint(long id) throws Exception {
    flink.prepareSnapshotPreBarrier(id);
    return flink.snapshot(id, id);
  }

  List<Prediction> predictions() {
    return flink.extractOutputValues();
  }

  List<Long> offsets() {
    return predictions().stream().map(p -> p.input().offset()).toList();
  }

  List<Integer> versions() {
    return predictions().stream().map(p -> p.forecast().modelVersion()).toList();
  }

  List<LateEvent> late() {
    return side(StepOutputs.LATE);
  }

  List<LiveScore> scores() {
    return side(StepOutputs.SCORES);
  }

  private <T> List<T> side(OutputTag<T> tag) {
    Collection<StreamRecord<T>> records = flink.getSideOutput(tag);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  @Override
  public void close() {
    try {
      flink.close();
    } catch (Exception e) {
      throw new IllegalStateException("the operator did not close", e);
    }
  }
}
