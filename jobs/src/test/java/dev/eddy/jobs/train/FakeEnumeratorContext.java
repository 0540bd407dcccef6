package dev.eddy.jobs.train;

import dev.eddy.jobs.train.Messages.Emit;
import dev.eddy.jobs.train.Messages.ScoreGate;
import dev.eddy.jobs.train.Messages.TrainRound;
import dev.eddy.jobs.train.Parts.Address;
import dev.eddy.jobs.train.Parts.Content;
import dev.eddy.jobs.train.Parts.Part;
import dev.eddy.model.train.RoundWork;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** Remembers what an enumerator does; long calls wait until the test runs them. */
final class FakeEnumeratorContext implements SplitEnumeratorContext<ShardSplit> {
  record Sent(int subtask, SourceEvent event) {}

  final List<Sent> sent = new ArrayList<>();
  final Map<Integer, List<ShardSplit>> assigned = new TreeMap<>();
  final List<Integer> ended = new ArrayList<>();
  private final Map<Integer, ReaderInfo> readers = new TreeMap<>();
  private final Queue<Runnable> calls = new ArrayDeque<>();
  private final int parallelism;
  private Runnable periodic;

  FakeEnumeratorContext(int parallelism) {
    this.parallelism = parallelism;
  }

  void register(int subtask) {
    readers.put(subtask, new ReaderInfo(subtask, "here"));
  }

  void unregister(int subtask) {
    readers.remove(subtask);
    assigned.remove(subtask);
  }

  /** Does what is done now and then. */
  void tick() {
    periodic.run();
  }

  /** The work of the last round that was sent to a reader, put together again. */
  RoundWork lastWork() {
    Parts parts = new Parts();
    RoundWork work = null;
    for (SourceEvent event : sent(SourceEvent.class)) {
      if (event instanceof Part part) {
        parts.add(part);
      } else if (event instanceof TrainRound round) {
        work =
            new RoundWork(
                round.round(),
                parts.take(address(round, Content.WEIGHTS)),
                parts.take(address(round, Content.MOMENTS)),
                round.ages().values().iterator().next());
      }
    }
    return work;
  }

  /** The weights that were last sent to be scored, put together again. */
  float[] lastScored() {
    Parts parts = new Parts();
    float[] weights = null;
    for (SourceEvent event : sent(SourceEvent.class)) {
      if (event instanceof Part part) {
        parts.add(part);
      } else if (event instanceof ScoreGate gate) {
        weights = parts.take(new Address(gate.stage(), Parts.GATE, Parts.ALL, Content.WEIGHTS));
      }
    }
    return weights;
  }

  /** What was to be written of models, in order. */
  List<TrainingRecord> models() {
    return sent(Emit.class).stream()
        .flatMap(emit -> emit.records().stream())
        .filter(written -> written.topic().equals(FakeRun.MODELS))
        .toList();
  }

  private static Address address(TrainRound round, Content content) {
    return new Address(round.stage(), round.round(), Parts.ALL, content);
  }

  /** Runs the long calls that were asked for. */
  void runCalls() {
    while (!calls.isEmpty()) {
      calls.remove().run();
    }
  }

  <T> List<T> sent(Class<T> type) {
    return sent.stream().map(Sent::event).filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public SplitEnumeratorMetricGroup metricGroup() {
    return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
  }

  @Override
  public void sendEventToSourceReader(int subtask, SourceEvent event) {
    if (!readers.containsKey(subtask)) {
      throw new IllegalStateException("subtask " + subtask + " is not there to be written to");
    }
    sent.add(new Sent(subtask, event));
  }

  @Override
  public int currentParallelism() {
    return parallelism;
  }

  @Override
  public Map<Integer, ReaderInfo> registeredReaders() {
    return readers;
  }

  @Override
  public void assignSplits(SplitsAssignment<ShardSplit> splits) {
    assigned.putAll(splits.assignment());
  }

  @Override
  public void signalNoMoreSplits(int subtask) {
    ended.add(subtask);
  }

  @Override
  public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
    calls.add(
        () -> {
          T result = null;
          Throwable failure = null;
          try {
            result = callable.call();
          } catch (Exception e) {
            failure = e;
          }
          handler.accept(result, failure);
        });
  }

  @Override
  public <T> void callAsync(
      Callable<T> callable, BiConsumer<T, Throwable> handler, long delay, long period) {
    periodic = () -> handler.accept(null, null);
  }

  @Override
  public void runInCoordinatorThread(Runnable runnable) {
    runnable.run();
  }
}
