package dev.eddy.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.train.Messages.Emit;
import dev.eddy.jobs.train.Messages.GateScored;
import dev.eddy.jobs.train.Messages.Hopeless;
import dev.eddy.jobs.train.Messages.Loaded;
import dev.eddy.jobs.train.Messages.ScoreGate;
import dev.eddy.jobs.train.Messages.TrainRound;
import dev.eddy.jobs.train.Messages.Trained;
import dev.eddy.jobs.train.Parts.Address;
import dev.eddy.jobs.train.Parts.Content;
import dev.eddy.jobs.train.Parts.Part;
import dev.eddy.model.train.RoundWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ShardReaderTest {
  private static final RoundWork WORK = new RoundWork(0, new float[] {1, 2}, new float[4], 0);
  private final Context context = new Context();
  private final Output output = new Output();
  private ShardReader reader;

  @AfterEach
  void close() {
    reader.close();
  }

  @Test
  void trainsItsShardsAndSendsEachUpdate() throws Exception {
    start(FakeRun.of("reader", 3, 1));
    reader.addSplits(splits(0, 2));
    round(WORK);
    pollUntil(3);
    assertThat(context.sent.get(0)).isInstanceOf(Loaded.class);
    assertThat(context.sent.subList(1, 3))
        .extracting(message -> ((Trained) message).update().shard())
        .containsExactly(0, 2);
    gate();
    pollUntil(5);
    assertThat(context.sent.subList(3, 5))
        .extracting(message -> ((GateScored) message).shard())
        .containsExactly(0, 2);
  }

  @Test
  void theMailboxIsFreeWhileARoundTakesItsTime() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicReference<String> thread = new AtomicReference<>();
    start(
        FakeRun.of("slow", 1, 1)
            .before(
                (shard, round) -> {
                  thread.set(Thread.currentThread().getName());
                  entered.countDown();
                  go.await();
                }));
    reader.addSplits(splits(0));
    round(WORK);
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    pollUntil(1);
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(reader.isAvailable()).isNotDone();
    assertThat(reader.snapshotState(1)).isEmpty();
    assertThat(thread.get()).isEqualTo("eddy-train-0");
    go.countDown();
    pollUntil(2);
    assertThat(context.sent.get(1)).isInstanceOf(Trained.class);
  }

  @Test
  void whatIsLeftOfARoundIsNotTrainedOnceTheGateIsScored() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    start(
        FakeRun.of("late", 3, 1)
            .before(
                (shard, round) -> {
                  entered.countDown();
                  go.await();
                }));
    reader.addSplits(splits(0, 1, 2));
    round(WORK);
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    gate(); // the round was completed without this slot
    go.countDown();
    pollUntil(5);
    assertThat(context.sent.get(1)).isInstanceOf(Trained.class);
    assertThat(context.sent.subList(2, 5))
        .extracting(message -> ((GateScored) message).shard())
        .containsExactly(0, 1, 2);
  }

  @Test
  void closingInterruptsTheRound() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    start(
        FakeRun.of("endless", 1, 1)
            .before(
                (shard, round) -> {
                  entered.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                  }
                }));
    reader.addSplits(splits(0));
    round(WORK);
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    reader.close();
    assertThat(interrupted.getCount()).isZero();
  }

  @Test
  void theDataIsClosedWhenTheReaderIsAndWhenItFails() throws Exception {
    start(FakeRun.of("closed", 1, 1));
    reader.addSplits(splits(0));
    pollUntil(1);
    assertThat(FakeRun.OPEN).contains("closed");
    reader.close();
    assertThat(FakeRun.OPEN).doesNotContain("closed");

    start(
        FakeRun.of("failed", 1, 1)
            .before(
                (shard, round) -> {
                  throw new IllegalStateException("no space left on device");
                }));
    reader.addSplits(splits(0));
    round(WORK);
    assertThatThrownBy(() -> pollUntil(3)).hasMessage("no space left on device");
    reader.close();
    assertThat(FakeRun.OPEN).doesNotContain("failed");
  }

  @Test
  void aFailureOfTheTrainingThreadFailsTheTask() throws Exception {
    start(
        FakeRun.of("failing", 1, 1)
            .before(
                (shard, round) -> {
                  throw new IllegalStateException("the disk is on fire");
                }));
    reader.addSplits(splits(0));
    round(WORK);
    assertThatThrownBy(() -> pollUntil(2)).hasMessage("the disk is on fire");
  }

  @Test
  void whatIsHopelessIsSaidToTheEnumeratorInstead() throws Exception {
    start(
        FakeRun.of("hopeless", 1, 1)
            .before(
                (shard, round) -> {
                  throw new UnrecoverableTrainingException("all readings are the same");
                }));
    reader.addSplits(splits(0));
    round(WORK);
    pollUntil(2);
    assertThat(context.sent.get(1)).isEqualTo(new Hopeless("all readings are the same"));
  }

  @Test
  void emitsWhatItIsToldInOrderAndEndsAfterIt() throws Exception {
    start(FakeRun.of("emitting", 1, 1));
    TrainingRecord manifest = new TrainingRecord("models", new byte[] {1}, new byte[] {2});
    TrainingRecord pointer = new TrainingRecord("models", new byte[] {3}, new byte[] {4});
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    reader.handleSourceEvents(new Emit(List.of(manifest, pointer)));
    reader.notifyNoMoreSplits();
    assertThat(reader.isAvailable()).isDone();
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.MORE_AVAILABLE);
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.END_OF_INPUT);
    assertThat(output.records).containsExactly(manifest, pointer);
  }

  /** Hands out a round as the enumerator does. */
  private void round(RoundWork work) {
    Parts.send(address(work, Content.WEIGHTS), work.weights(), reader::handleSourceEvents);
    Parts.send(address(work, Content.MOMENTS), work.moments(), reader::handleSourceEvents);
    Map<Integer, Long> ages = Map.of(0, work.age(), 1, work.age(), 2, work.age());
    reader.handleSourceEvents(new TrainRound(Stage.TRAIN, work.round(), 1, ages));
  }

  /** Hands out the gate as the enumerator does. */
  private void gate() {
    Parts.send(
        new Address(Stage.TRAIN, Parts.GATE, Parts.ALL, Content.WEIGHTS),
        WORK.weights(),
        reader::handleSourceEvents);
    reader.handleSourceEvents(new ScoreGate(Stage.TRAIN));
  }

  private static Address address(RoundWork work, Content content) {
    return new Address(Stage.TRAIN, work.round(), Parts.ALL, content);
  }

  private void start(TrainingRun run) {
    reader = new ShardReader(context, run);
    reader.start();
  }

  /** Polls as a task does, whenever something is available, until so many messages were sent. */
  private void pollUntil(int messages) throws Exception {
    while (context.sent.size() < messages) {
      reader.isAvailable().get(20, TimeUnit.SECONDS);
      reader.pollNext(output);
    }
  }

  private static List<ShardSplit> splits(int... shards) {
    List<ShardSplit> splits = new ArrayList<>();
    for (int shard : shards) {
      splits.add(new ShardSplit(shard, FakeRun.RANGE));
    }
    return splits;
  }

  private static final class Context implements SourceReaderContext {
    final List<SourceEvent> sent = new ArrayList<>();
    final Parts parts = new Parts();

    @Override
    public SourceReaderMetricGroup metricGroup() {
      return UnregisteredMetricsGroup.createSourceReaderMetricGroup();
    }

    @Override
    public Configuration getConfiguration() {
      return new Configuration();
    }

    @Override
    public String getLocalHostName() {
      return "here";
    }

    @Override
    public int getIndexOfSubtask() {
      return 0;
    }

    @Override
    public void sendSplitRequest() {
      throw new UnsupportedOperationException("readers never ask");
    }

    @Override
    public void sendSourceEventToCoordinator(SourceEvent event) {
      if (event instanceof Part part) {
        parts.add(part);
      } else {
        sent.add(event);
      }
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      return SimpleUserCodeClassLoader.create(ShardReaderTest.class.getClassLoader());
    }
  }

  private static final class Output implements ReaderOutput<TrainingRecord> {
    final List<TrainingRecord> records = new ArrayList<>();

    @Override
    public void collect(TrainingRecord output) {
      records.add(output);
    }

    @Override
    public void collect(TrainingRecord output, long timestamp) {
      collect(output);
    }

    @Override
    public void emitWatermark(Watermark watermark) {}

    @Override
    public void markIdle() {}

    @Override
    public void markActive() {}

    @Override
    public SourceOutput<TrainingRecord> createOutputForSplit(String split) {
      return this;
    }

    @Override
    public void releaseOutputForSplit(String split) {}
  }
}
