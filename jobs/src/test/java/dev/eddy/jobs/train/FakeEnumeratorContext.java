package dev.eddy.jobs.train;

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
    throw new UnsupportedOperationException("nothing is done periodically");
  }

  @Override
  public void runInCoordinatorThread(Runnable runnable) {
    runnable.run();
  }
}
