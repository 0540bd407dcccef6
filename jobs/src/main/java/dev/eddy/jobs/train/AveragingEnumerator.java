package dev.eddy.jobs.train;

import dev.eddy.jobs.history.HistoryRange;
import dev.eddy.jobs.train.Messages.Emit;
import dev.eddy.jobs.train.Messages.GateScored;
import dev.eddy.jobs.train.Messages.Hopeless;
import dev.eddy.jobs.train.Messages.Loaded;
import dev.eddy.jobs.train.Messages.ScoreGate;
import dev.eddy.jobs.train.Messages.TrainRound;
import dev.eddy.jobs.train.Messages.Trained;
import dev.eddy.jobs.train.TrainProgress.Phase;
import dev.eddy.model.task.forecast.GateScore;
import dev.eddy.model.train.DivergenceException;
import dev.eddy.model.train.Progress;
import dev.eddy.model.train.RoundCoordinator;
import dev.eddy.model.train.ShardUpdate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Averages the shards' updates on the JobManager: hosts the {@link RoundCoordinator}, which does
 * the arithmetic, and keeps the readers busy.
 *
 * <p>A shard lives on the reader {@code shard mod parallelism}. Whoever registers, at the start or
 * after a failure, is given its shards and what is to be done right now; whatever it repeats is
 * ignored by (shard, round) and the same anyway. All methods run on the coordinator's thread; what
 * takes long goes through {@code callAsync}.
 */
final class AveragingEnumerator implements SplitEnumerator<ShardSplit, RunState> {
  private static final Logger LOG = LoggerFactory.getLogger(AveragingEnumerator.class);

  private final SplitEnumeratorContext<ShardSplit> context;
  private final TrainingRun run;
  private final RoundCoordinator coordinator;
  private final Stopwatch stopwatch = new Stopwatch();
  private final Map<Integer, GateScore> gate = new TreeMap<>();
  private HistoryRange range;
  private Map<String, String> data;
  private List<TrainingRecord> conclusion;

  AveragingEnumerator(
      SplitEnumeratorContext<ShardSplit> context,
      TrainingRun run,
      RoundCoordinator coordinator,
      HistoryRange range) {
    this.context = context;
    this.run = run;
    this.coordinator = coordinator;
    this.range = range;
  }

  @Override
  public void start() {
    MetricGroup metrics = context.metricGroup().addGroup("eddy");
    metrics.gauge("round", () -> coordinator.progress().round());
    metrics.gauge("loss", () -> coordinator.progress().loss());
    metrics.gauge("validationLoss", () -> coordinator.progress().validationLoss());
    metrics.gauge("samplesPerSecond", stopwatch::lastRate);
    if (range == null) {
      context.callAsync(run::resolve, this::resolved);
    }
  }

  private void resolved(HistoryRange found, Throwable failure) {
    check(failure);
    LOG.info("Training on {}", found);
    range = found;
    List.copyOf(context.registeredReaders().keySet()).forEach(this::welcome);
  }

  @Override
  public void addReader(int subtask) {
    if (range != null) {
      welcome(subtask);
    }
  }

  /** Places a reader's shards on it and tells it what is to be done. */
  private void welcome(int subtask) {
    List<ShardSplit> splits =
        IntStream.range(0, run.spec().shards())
            .filter(shard -> owner(shard) == subtask)
            .mapToObj(shard -> new ShardSplit(shard, range))
            .toList();
    if (splits.isEmpty()) {
      context.signalNoMoreSplits(subtask);
    } else if (conclusion != null) {
      conclude(subtask);
    } else {
      context.assignSplits(new SplitsAssignment<>(Map.of(subtask, splits)));
      context.sendEventToSourceReader(subtask, task());
    }
    if (subtask == owner(0) && conclusion == null) {
      report(Phase.LOADING, "reading " + range.extent());
    }
  }

  /** What the readers are to do right now. */
  private SourceEvent task() {
    return coordinator.finished()
        ? new ScoreGate(coordinator.bestWeights())
        : new TrainRound(coordinator.work(0));
  }

  private int owner(int shard) {
    return shard % context.currentParallelism();
  }

  @Override
  public void handleSourceEvent(int subtask, SourceEvent event) {
    if (event instanceof Trained trained) {
      trained(trained.update());
    } else if (event instanceof GateScored scored) {
      scored(scored);
    } else if (event instanceof Loaded loaded) {
      loaded(subtask, loaded);
    } else if (event instanceof Hopeless hopeless) {
      throw new UnrecoverableTrainingException(hopeless.why());
    } else {
      throw new IllegalArgumentException(
          "the averaging enumerator does not know the message " + event);
    }
  }

  private void loaded(int subtask, Loaded loaded) {
    LOG.info("Training reader {} has loaded {}", subtask, loaded.summary());
    if (data == null) {
      data = loaded.provenance();
      stopwatch.start();
    } else if (!data.equals(loaded.provenance())) {
      throw new IllegalStateException(
          "training reader %d read other data than those before it: %s, not %s; do readings get deleted from the topic meanwhile?"
              .formatted(subtask, loaded.provenance(), data));
    }
    if (subtask == owner(0)) {
      report(coordinator.finished() ? Phase.GATE : Phase.TRAINING, loaded.summary());
    }
  }

  private void trained(ShardUpdate update) {
    long before = coordinator.progress().samples();
    boolean completed;
    try {
      completed = coordinator.accept(update);
    } catch (DivergenceException | IllegalArgumentException | IllegalStateException e) {
      throw new UnrecoverableTrainingException(e); // a repetition gives the same bits
    }
    if (!completed) {
      return;
    }
    stopwatch.lap(coordinator.progress().samples() - before);
    LOG.info("{}", coordinator.progress());
    report(coordinator.finished() ? Phase.GATE : Phase.TRAINING, "");
    toAll(task());
  }

  private void scored(GateScored scored) {
    if (!coordinator.finished() || gate.putIfAbsent(scored.shard(), scored.score()) != null) {
      return;
    }
    if (gate.size() == run.spec().shards()) {
      GateScore total =
          gate.values().stream().reduce(GateScore::plus).orElseThrow(); // in shard order
      TrainingRun.Outcome outcome =
          new TrainingRun.Outcome(
              coordinator.bestWeights(), coordinator.progress(), total, data, stopwatch.meanRate());
      context.callAsync(() -> run.conclude(outcome), this::concluded);
    }
  }

  private void concluded(List<TrainingRecord> records, Throwable failure) {
    check(failure);
    conclusion = records;
    busyReaders().forEach(this::conclude);
  }

  /**
   * The end: what is to be published goes out by the reader of shard 0, and nobody gets more to do.
   */
  private void conclude(int subtask) {
    if (subtask == owner(0)) {
      context.sendEventToSourceReader(subtask, new Emit(conclusion));
    }
    context.signalNoMoreSplits(subtask);
  }

  private void report(Phase phase, String message) {
    // Nobody there to write it (a reader has just failed): the next report makes up for it.
    if (context.registeredReaders().containsKey(owner(0))) {
      Progress progress = coordinator.progress();
      TrainProgress report =
          new TrainProgress(
              phase,
              progress.round(),
              progress.of(),
              progress.loss(),
              progress.validationLoss(),
              progress.bestRound(),
              stopwatch.lastRate(),
              stopwatch.secondsFor(progress.of() - progress.round()),
              message);
      context.sendEventToSourceReader(owner(0), new Emit(List.of(run.report(report))));
    }
  }

  private void toAll(SourceEvent event) {
    busyReaders().forEach(subtask -> context.sendEventToSourceReader(subtask, event));
  }

  /** Readers that hold shards; a reader without has ended already and must not be written to. */
  private List<Integer> busyReaders() {
    return context.registeredReaders().keySet().stream()
        .filter(subtask -> subtask < run.spec().shards())
        .toList();
  }

  private static void check(Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure != null) {
      throw new IllegalStateException(failure.getMessage(), failure);
    }
  }

  @Override
  public RunState snapshotState(long checkpointId) {
    return new RunState(range, coordinator.snapshot());
  }

  /** Nothing to take back: a reader that comes again is given its shards again. */
  @Override
  public void addSplitsBack(List<ShardSplit> splits, int subtask) {
    LOG.info("Training reader {} has failed; its shards {} wait for the next", subtask, splits);
  }

  /** Readers never ask: they are told. */
  @Override
  public void handleSplitRequest(int subtask, String host) {
    throw new IllegalStateException(
        "training reader " + subtask + " asked for a shard; shards are placed, not asked for");
  }

  @Override
  public void close() {
    // Holds nothing but memory.
  }
}
