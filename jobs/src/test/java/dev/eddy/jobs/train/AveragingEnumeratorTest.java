package dev.eddy.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.train.Messages.Emit;
import dev.eddy.jobs.train.Messages.GateScored;
import dev.eddy.jobs.train.Messages.Loaded;
import dev.eddy.jobs.train.Messages.ScoreGate;
import dev.eddy.jobs.train.Messages.TrainRound;
import dev.eddy.jobs.train.Messages.Trained;
import dev.eddy.jobs.train.Parts.Address;
import dev.eddy.jobs.train.Parts.Content;
import dev.eddy.model.task.forecast.GateScore;
import dev.eddy.model.train.RoundWork;
import dev.eddy.model.train.ScoreSum;
import dev.eddy.model.train.ShardUpdate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.connector.source.SourceEvent;
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
    assertThat(context.sent(TrainRound.class)).extracting(TrainRound::round).containsExactly(0, 0);
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
    RoundWork first = context.lastWork();
    send(enumerator, 0, 0, first);
    send(enumerator, 0, 0, first);
    send(enumerator, 1, 1, first);
    assertThat(context.lastWork().round()).as("shard 2 is missing").isZero();
    send(enumerator, 0, 2, first);
    RoundWork second = context.lastWork();
    assertThat(second.round()).isEqualTo(1);

    for (int shard = 0; shard < SHARDS; shard++) {
      send(enumerator, 0, shard, first);
    }
    assertThat(context.lastWork().round()).as("updates of round 0 are stale").isEqualTo(1);
    assertThat(context.lastWork().weights()).isEqualTo(second.weights());
  }

  @Test
  void aReaderThatComesBackGetsItsShardsAndTheRoundInWork() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    completeRound(enumerator, context);
    send(enumerator, 1, 1, context.lastWork());

    context.unregister(0);
    enumerator.addSplitsBack(List.of(), 0);
    context.sent.clear();
    join(enumerator, context, 0);

    assertThat(context.assigned.get(0)).extracting(ShardSplit::shard).containsExactly(0, 2);
    assertThat(context.sent(TrainRound.class)).extracting(TrainRound::round).containsExactly(1);
    RoundWork work = context.lastWork();
    send(enumerator, 0, 0, work);
    send(enumerator, 0, 2, work);
    assertThat(context.lastWork().round()).as("shard 1's update of before counts").isEqualTo(2);
  }

  @Test
  void whatARoundCompletesWhileTheFirstReaderIsGoneIsNotLost() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    RoundWork work = context.lastWork();
    send(enumerator, 0, 0, work);
    send(enumerator, 0, 2, work);
    context.unregister(0);
    send(enumerator, 1, 1, work);
    join(enumerator, context, 0);
    assertThat(context.lastWork().round()).isEqualTo(1);
  }

  @Test
  void restoredInMidRunItEndsWithTheSameBits() throws IOException {
    FakeEnumeratorContext whole = new FakeEnumeratorContext(2);
    trainToTheEnd(started(source, whole), whole);

    SplitEnumerator<ShardSplit, RunState> before = started(source, context);
    completeRound(before, context);
    send(before, 0, 2, context.lastWork());
    RunState state = throughBytes(snapshot(before));
    assertThat(state.range()).isEqualTo(FakeRun.RANGE);

    FakeEnumeratorContext other = new FakeEnumeratorContext(3);
    SplitEnumerator<ShardSplit, RunState> after = source.restoreEnumerator(other, state);
    after.start();
    for (int subtask = 0; subtask < 3; subtask++) {
      join(after, other, subtask);
    }
    assertThat(other.lastWork().round()).as("only completed rounds are kept").isEqualTo(1);
    trainToTheEnd(after, other);
    assertThat(published(other)).containsExactly(published(whole));
  }

  @Test
  void samplesLearnedBeforeARestoreDoNotMakeTheNextRoundFaster() {
    SplitEnumerator<ShardSplit, RunState> before = started(source, context);
    for (int round = 0; round < run.spec().rounds(); round++) {
      completeRound(before, context);
    }
    FakeEnumeratorContext other = new FakeEnumeratorContext(1);
    SplitEnumerator<ShardSplit, RunState> after = source.restoreEnumerator(other, snapshot(before));
    after.start();
    join(after, other, 0);
    after.handleSourceEvent(0, new Loaded("9 records", Map.of("sha256", "a"), "plain"));
    RoundWork scoring = other.lastWork();
    for (int shard = 0; shard < SHARDS; shard++) {
      send(
          after,
          0,
          Stage.TRAIN,
          new ShardUpdate(
              shard,
              scoring.round(),
              scoring.weights(),
              scoring.moments(),
              0,
              0,
              0,
              0.1,
              new ScoreSum(1, new double[] {1}),
              1));
    }
    List<Emit> told = other.sent(Emit.class);
    assertThat(new String(told.get(told.size() - 1).records().get(0).key(), StandardCharsets.UTF_8))
        .as("this attempt has learned from nothing")
        .contains("samplesPerSecond=NaN");
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
  void aReaderIsToldTheRangeOnceHoweverManyShardsItHas() throws IOException {
    FakeEnumeratorContext one = new FakeEnumeratorContext(1);
    started(new TrainingSource(FakeRun.of("shards", 1000, 1)), one);
    ShardSplitSerializer serializer = new ShardSplitSerializer();
    int bytes = 0;
    for (ShardSplit split : one.assigned.get(0)) {
      bytes += serializer.serialize(split).length;
    }
    assertThat(one.assigned.get(0)).hasSize(1000);
    assertThat(one.assigned.get(0).get(0).range()).isEqualTo(FakeRun.RANGE);
    assertThat(bytes).isLessThan(1000 * 8); // all of them are one message
  }

  @Test
  void aSplitSurvivesItsBytes() throws IOException {
    ShardSplit split = new ShardSplit(5, FakeRun.RANGE);
    ShardSplitSerializer serializer = new ShardSplitSerializer();
    assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(split)))
        .isEqualTo(split);
    ShardSplit next = new ShardSplit(6, null);
    assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(next)))
        .isEqualTo(next);
  }

  @Test
  void theGateIsSummedInShardOrderOnceAndEndsTheRun() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    enumerator.handleSourceEvent(1, scored(1, new ScoreSum(99, new double[] {99})));
    while (context.sent(ScoreGate.class).isEmpty()) {
      completeRound(enumerator, context);
    }
    float[] weights = context.lastScored();
    for (int shard : new int[] {2, 2, 0, 1}) {
      assertThat(context.ended).isEmpty();
      enumerator.handleSourceEvent(0, scored(shard, new ScoreSum(1, new double[] {shard})));
    }
    context.runCalls();
    assertThat(context.ended).containsExactly(0, 1);
    List<TrainingRecord> end = context.models();
    assertThat(FakeRun.floats(end.get(0).value())).containsExactly(weights);
    assertThat(new String(end.get(1).value(), StandardCharsets.UTF_8)).isEqualTo("3.0/3");

    context.unregister(0);
    context.sent.clear();
    join(enumerator, context, 0);
    assertThat(context.models()).as("published again by the reader that comes back").hasSize(2);
    assertThat(context.ended).containsExactly(0, 1, 0);
  }

  @Test
  void numbersThatRanAwayEndTheJobForGood() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    ShardUpdate update = FakeRun.update(0, context.lastWork());
    update.weights()[0] = Float.NaN;
    assertThatThrownBy(() -> send(enumerator, 0, Stage.TRAIN, update))
        .isInstanceOf(UnrecoverableTrainingException.class);
  }

  @Test
  void readersThatReadDifferentDataAreNotAveraged() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    enumerator.handleSourceEvent(0, new Loaded("9 records", Map.of("sha256", "a"), "plain"));
    assertThatThrownBy(
            () ->
                enumerator.handleSourceEvent(
                    1, new Loaded("8 records", Map.of("sha256", "b"), "plain")))
        .hasMessageContaining("other data");
  }

  @Test
  void everyCompletedRoundIsReportedByTheFirstReader() {
    SplitEnumerator<ShardSplit, RunState> enumerator = started(source, context);
    enumerator.handleSourceEvent(0, new Loaded("9 records", Map.of(), "plain"));
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

  private static GateScored scored(int shard, ScoreSum sum) {
    return new GateScored(Stage.TRAIN, shard, new GateScore(sum, null));
  }

  /** Sends what a shard did in a round, as its reader would. */
  private static void send(
      SplitEnumerator<ShardSplit, RunState> enumerator, int subtask, int shard, RoundWork work) {
    send(enumerator, subtask, Stage.TRAIN, FakeRun.update(shard, work));
  }

  private static void send(
      SplitEnumerator<ShardSplit, RunState> enumerator,
      int subtask,
      Stage stage,
      ShardUpdate update) {
    Consumer<SourceEvent> to = event -> enumerator.handleSourceEvent(subtask, event);
    int round = update.round();
    Parts.send(new Address(stage, round, update.shard(), Content.WEIGHTS), update.weights(), to);
    Parts.send(new Address(stage, round, update.shard(), Content.MOMENTS), update.moments(), to);
    to.accept(new Trained(stage, update.with(new float[0], new float[0])));
  }

  private static void completeRound(
      SplitEnumerator<ShardSplit, RunState> enumerator, FakeEnumeratorContext context) {
    RoundWork work = context.lastWork();
    for (int shard = SHARDS - 1; shard >= 0; shard--) {
      send(enumerator, 0, shard, work);
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
    return FakeRun.floats(context.models().get(0).value());
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
    assertThat(read).usingRecursiveComparison().isEqualTo(state);
    return read;
  }
}
