package dev.eddy.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.train.Messages.Emit;
import dev.eddy.jobs.train.Messages.GateScored;
import dev.eddy.jobs.train.Messages.Loaded;
import dev.eddy.jobs.train.Messages.ScoreGate;
import dev.eddy.jobs.train.Messages.TrainRound;
import dev.eddy.jobs.train.Messages.Trained;
import dev.eddy.model.task.forecast.GateScore;
import dev.eddy.model.train.RoundCoordinator;
import dev.eddy.model.train.RoundWork;
import dev.eddy.model.train.ScoreSum;
import dev.eddy.model.train.ShardUpdate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.junit.jupiter.api.Test;

class AveragingEnumeratorTest {
  private static final int SHARDS = 3;
  private final FakeRun run = FakeRun.of("enumerator", SHARDS, 4);
  private final TrainingSource source = new TrainingSource(run);
  private final FakeEnumeratorContext context = new FakeEnumeratorContext(2);

  @Test
  void placesShardsWhenTheRangeIsKnownAndSendsTheFirstRound() {
    SplitEnumerator<ShardSplit, RunState> enumerator = source.createEnumerator(context);
    enumerator.start();
    join(enumerator, context, 0);
    assertThat(context.assigned).as("the range is not known yet").isEmpty();
    context.runCalls();
    join(enumerator, context, 1);

    assertThat(context.assigned.get(0)).extracting(ShardSplit::shard).containsExactly(0, 2);
    assertThat(context.assigned.get(1)).extracting(ShardSplit::shard).containsExactly(1);
    assertThat(context.assigned.get(1).get(0).range()).isEqualTo(FakeRun.RANGE);
    assertThat(context.sent(TrainRound.class))
        .extracting(m -> m.work().round())
        .containsExactly(0, 0);
  }

  @Test
  void aReaderWithoutShardsEndsAtOnceAndIsNeverWrittenTo() {
    FakeEnumeratorContext wide = new FakeEnumeratorContext(SHARDS + 1);
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, wide);
    assertThat(wide.ended).containsExactly(SHARDS);
    trainToTheEnd(enumerator, wide);
    assertThat(wide.sent).extracting(FakeEnumeratorContext.Sent::subtask).doesNotContain(SHARDS);
  }

  @Test
  void ignoresStaleAndRepeatedUpdates() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    RoundWork first = lastWork(context);
    enumerator.handleSourceEvent(0, trained(0, first));
    enumerator.handleSourceEvent(0, trained(0, first));
    enumerator.handleSourceEvent(1, trained(1, first));
    assertThat(lastWork(context).round()).as("shard 2 is missing").isZero();
    enumerator.handleSourceEvent(0, trained(2, first));
    RoundWork second = lastWork(context);
    assertThat(second.round()).isEqualTo(1);

    for (int shard = 0; shard < SHARDS; shard++) {
      enumerator.handleSourceEvent(0, trained(shard, first));
    }
    assertThat(lastWork(context).round()).as("updates of round 0 are stale").isEqualTo(1);
    assertThat(lastWork(context).weights()).isEqualTo(second.weights());
  }

  @Test
  void aReaderThatComesBackGetsItsShardsAndTheRoundInWork() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    completeRound(enumerator, context);
    enumerator.handleSourceEvent(1, trained(1, lastWork(context)));

    context.unregister(0);
    enumerator.addSplitsBack(List.of(), 0);
    context.sent.clear();
    join(enumerator, context, 0);

    assertThat(context.assigned.get(0)).extracting(ShardSplit::shard).containsExactly(0, 2);
    assertThat(context.sent(TrainRound.class)).extracting(m -> m.work().round()).containsExactly(1);
    RoundWork work = lastWork(context);
    enumerator.handleSourceEvent(0, trained(0, work));
    enumerator.handleSourceEvent(0, trained(2, work));
    assertThat(lastWork(context).round()).as("shard 1's update of before counts").isEqualTo(2);
  }

  @Test
  void whatARoundCompletesWhileTheFirstReaderIsGoneIsNotLost() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    RoundWork work = lastWork(context);
    enumerator.handleSourceEvent(0, trained(0, work));
    enumerator.handleSourceEvent(0, trained(2, work));
    context.unregister(0);
    enumerator.handleSourceEvent(1, trained(1, work));
    join(enumerator, context, 0);
    assertThat(lastWork(context).round()).isEqualTo(1);
  }

  @Test
  void restoredInMidRunItEndsWithTheSameBits() throws IOException {
    FakeEnumeratorContext whole = new FakeEnumeratorContext(2);
    trainToTheEnd(started(source, whole), whole);

    SplitEnumerator<ShardSplit, RunState> before = started(source, context);
    completeRound(before, context);
    before.handleSourceEvent(0, trained(2, lastWork(context)));
    RunState state = throughBytes(snapshot(before));
    assertThat(state.range()).isEqualTo(FakeRun.RANGE);

    FakeEnumeratorContext other = new FakeEnumeratorContext(3);
    SplitEnumerator<ShardSplit, RunState> after = source.restoreEnumerator(other, state);
    after.start();
    for (int subtask = 0; subtask < 3; subtask++) {
      join(after, other, subtask);
    }
    assertThat(lastWork(other).round()).as("only completed rounds are kept").isEqualTo(1);
    trainToTheEnd(after, other);
    assertThat(published(other)).containsExactly(published(whole));
  }

  @Test
  void aCheckpointBeforeTheRangeIsKnownRestoresToo() throws IOException {
    SplitEnumerator<ShardSplit, RunState> enumerator = source.createEnumerator(context);
    enumerator.start();
    RunState state = throughBytes(snapshot(enumerator));
    assertThat(state.range()).isNull();
    FakeEnumeratorContext other = new FakeEnumeratorContext(1);
    SplitEnumerator<ShardSplit, RunState> after = source.restoreEnumerator(other, state);
    after.start();
    join(after, other, 0);
    other.runCalls();
    assertThat(other.assigned.get(0)).hasSize(SHARDS);
  }

  @Test
  void bytesOfANewerVersionAreRefused() {
    assertThatThrownBy(() -> source.getEnumeratorCheckpointSerializer().deserialize(9, new byte[0]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format version 9");
    assertThatThrownBy(() -> source.getSplitSerializer().deserialize(9, new byte[0]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format version 9");
  }

  @Test
  void aSplitSurvivesItsBytes() throws IOException {
    ShardSplit split = new ShardSplit(5, FakeRun.RANGE);
    ShardSplitSerializer serializer = new ShardSplitSerializer();
    assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(split)))
        .isEqualTo(split);
  }

  @Test
  void theGateIsSummedInShardOrderOnceAndEndsTheRun() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    enumerator.handleSourceEvent(1, scored(1, new ScoreSum(99, new double[] {99})));
    while (context.sent(ScoreGate.class).isEmpty()) {
      completeRound(enumerator, context);
    }
    float[] weights = context.sent(ScoreGate.class).get(0).weights();
    for (int shard : new int[] {2, 2, 0, 1}) {
      assertThat(context.ended).isEmpty();
      enumerator.handleSourceEvent(0, scored(shard, new ScoreSum(1, new double[] {shard})));
    }
    context.runCalls();
    assertThat(context.ended).containsExactly(0, 1);
    List<TrainingRecord> end =
        context.sent(Emit.class).get(context.sent(Emit.class).size() - 1).records();
    assertThat(FakeRun.floats(end.get(0).value())).containsExactly(weights);
    assertThat(new String(end.get(1).value(), StandardCharsets.UTF_8)).isEqualTo("3.0/3");

    context.unregister(0);
    context.sent.clear();
    join(enumerator, context, 0);
    assertThat(context.sent(Emit.class))
        .as("published again by the reader that comes back")
        .hasSize(1);
    assertThat(context.ended).containsExactly(0, 1, 0);
  }

  @Test
  void numbersThatRanAwayEndTheJobForGood() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    ShardUpdate update = FakeRun.update(0, lastWork(context));
    update.weights()[0] = Float.NaN;
    assertThatThrownBy(() -> enumerator.handleSourceEvent(0, new Trained(update)))
        .isInstanceOf(UnrecoverableTrainingException.class);
  }

  @Test
  void readersThatReadDifferentDataAreNotAveraged() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    enumerator.handleSourceEvent(0, new Loaded("9 records", Map.of("sha256", "a")));
    assertThatThrownBy(
            () -> enumerator.handleSourceEvent(1, new Loaded("8 records", Map.of("sha256", "b"))))
        .hasMessageContaining("other data");
  }

  @Test
  void everyCompletedRoundIsReportedByTheFirstReader() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    enumerator.handleSourceEvent(0, new Loaded("9 records", Map.of()));
    int before = context.sent(Emit.class).size();
    completeRound(enumerator, context);
    assertThat(context.sent(Emit.class)).hasSize(before + 1);
    assertThat(context.sent)
        .filteredOn(sent -> sent.event() instanceof Emit)
        .extracting(FakeEnumeratorContext.Sent::subtask)
        .containsOnly(0);
  }

  private static SplitEnumerator<ShardSplit, RunState> started(
      TrainingSource source, FakeEnumeratorContext context) {
    SplitEnumerator<ShardSplit, RunState> enumerator = source.createEnumerator(context);
    enumerator.start();
    context.runCalls();
    for (int subtask = 0; subtask < context.currentParallelism(); subtask++) {
      join(enumerator, context, subtask);
    }
    return enumerator;
  }

  private static void join(
      SplitEnumerator<ShardSplit, RunState> enumerator,
      FakeEnumeratorContext context,
      int subtask) {
    context.register(subtask);
    enumerator.addReader(subtask);
  }

  private static RoundWork lastWork(FakeEnumeratorContext context) {
    List<TrainRound> rounds = context.sent(TrainRound.class);
    return rounds.get(rounds.size() - 1).work();
  }

  private static GateScored scored(int shard, ScoreSum sum) {
    return new GateScored(shard, new GateScore(sum, null));
  }

  private static Trained trained(int shard, RoundWork work) {
    return new Trained(FakeRun.update(shard, work));
  }

  private static void completeRound(
      SplitEnumerator<ShardSplit, RunState> enumerator, FakeEnumeratorContext context) {
    RoundWork work = lastWork(context);
    for (int shard = SHARDS - 1; shard >= 0; shard--) {
      enumerator.handleSourceEvent(0, trained(shard, work));
    }
  }

  private static void trainToTheEnd(
      SplitEnumerator<ShardSplit, RunState> enumerator, FakeEnumeratorContext context) {
    while (context.sent(ScoreGate.class).isEmpty()) {
      completeRound(enumerator, context);
    }
    for (int shard = 0; shard < SHARDS; shard++) {
      enumerator.handleSourceEvent(0, scored(shard, new ScoreSum(1, new double[] {1})));
    }
    context.runCalls();
  }

  private static float[] published(FakeEnumeratorContext context) {
    List<Emit> emitted = context.sent(Emit.class);
    return FakeRun.floats(emitted.get(emitted.size() - 1).records().get(0).value());
  }

  private static RunState snapshot(SplitEnumerator<ShardSplit, RunState> enumerator) {
    try {
      return enumerator.snapshotState(1);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private RunState throughBytes(RunState state) throws IOException {
    SimpleVersionedSerializer<RunState> serializer = source.getEnumeratorCheckpointSerializer();
    RunState read = serializer.deserialize(serializer.getVersion(), serializer.serialize(state));
    assertThat(RoundCoordinator.restore(run.spec(), read.coordinator()).snapshot())
        .isEqualTo(state.coordinator());
    return read;
  }
}
