package dev.eddy.jobs.train;

import dev.eddy.jobs.history.HistoryRange;
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
import dev.eddy.jobs.train.TrainProgress.Phase;
import dev.eddy.model.train.DivergenceException;
import dev.eddy.model.train.Moments;
import dev.eddy.model.train.Progress;
import dev.eddy.model.train.RoundCoordinator;
import dev.eddy.model.train.RoundWork;
import dev.eddy.model.train.ShardUpdate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Averages the shards' updates on the JobManager: hosts the {@link RunStages}, whose coordinators
 * do the arithmetic, and keeps the readers busy.
 *
 * <p>A shard lives on the reader {@code shard mod parallelism}. Whoever registers, at the start or
 * after a failure, is given its shards and what is to be done right now; whatever it repeats is
 * ignored by (stage, shard, round) and the same anyway. All methods run on the coordinator's
 * thread; what takes long goes through {@code callAsync}.
 */
final class AveragingEnumerator implements SplitEnumerator<ShardSplit, RunState> {
  private static final Logger LOG = LoggerFactory.getLogger(AveragingEnumerator.class);

  /** How often the clock is looked at for stragglers. */
  private static final long LOOK_MILLIS = 500;

  private final SplitEnumeratorContext<ShardSplit> context;
  private final TrainingRun run;
  private final RunReporter reporter;
  private final RoundClock clock = new RoundClock(System::nanoTime);
  private final Parts parts = new Parts();
  private final Map<Integer, Loaded> loaded = new TreeMap<>();
  private final Set<Integer> placed = new HashSet<>();
  private HistoryRange range;
  private Map<String, String> data;
  private long dropped;
  private volatile int missing;

  /** Null until it is known where training starts. */
  private RunStages stages;

  /** Null until the run has been decided about. */
  private List<TrainingRecord> conclusion;

  /** A run; state: what a checkpoint kept of it, or null where it begins. */
  AveragingEnumerator(SplitEnumeratorContext<ShardSplit> context, TrainingRun run, RunState state) {
    this.context = context;
    this.run = run;
    this.reporter = new RunReporter(run);
    if (state != null) {
      this.range = state.range();
      this.data = state.data();
      this.dropped = state.dropped();
      this.stages = state.train() == null ? null : new RunStages(run, state);
    }
  }

  /** Where a run starts. weights: null where a checkpoint had them. */
  private record Start(HistoryRange range, float[] weights) {}

  @Override
  public void start() {
    reporter.register(context.metricGroup(), () -> missing);
    boolean fresh = stages == null;
    if (fresh || range == null) {
      context.callAsync(
          () -> new Start(run.resolve(), fresh ? run.initialWeights() : null), this::resolved);
    } else if (stages.settled()) {
      settle();
    }
    context.callAsync(() -> null, this::look, LOOK_MILLIS, LOOK_MILLIS);
  }

  private void resolved(Start start, Throwable failure) {
    check(failure);
    LOG.info("Training on {}", start.range());
    range = start.range();
    stages = stages == null ? orHopeless(() -> new RunStages(run, start.weights())) : stages;
    clock.handedOut();
    List.copyOf(context.registeredReaders().keySet()).forEach(this::welcome);
  }

  @Override
  public void addReader(int subtask) {
    placed.remove(subtask);
    loaded.remove(subtask);
    clock.gone(subtask);
    if (range != null && stages != null) {
      welcome(subtask);
    }
  }

  private void welcome(int subtask) {
    if (subtask == owner(0) && conclusion == null) {
      emit(reporter.step(Phase.LOADING, progress(), "reading " + range.extent()));
    }
    handOut(subtask);
  }

  /** Places a reader's shards on it, if they are not there yet, and tells it what is to be done. */
  private void handOut(int subtask) {
    List<Integer> shards = shards(subtask);
    if (shards.isEmpty()) {
      context.signalNoMoreSplits(subtask);
    } else if (conclusion != null) {
      conclude(subtask);
    } else if (!stages.settled()) {
      if (placed.add(subtask)) {
        List<ShardSplit> splits =
            shards.stream()
                .map(shard -> new ShardSplit(shard, shard.equals(shards.get(0)) ? range : null))
                .toList();
        context.assignSplits(new SplitsAssignment<>(Map.of(subtask, splits)));
      }
      Consumer<SourceEvent> to = event -> context.sendEventToSourceReader(subtask, event);
      if (stages.training()) {
        sendRound(shards, to);
      } else {
        float[] weights = stages.coordinator().bestWeights();
        Parts.send(address(Parts.GATE, Parts.ALL, Content.WEIGHTS), weights, to);
        to.accept(new ScoreGate(stages.stage()));
      }
    }
  }

  private void sendRound(List<Integer> shards, Consumer<SourceEvent> to) {
    RoundCoordinator coordinator = stages.coordinator();
    RoundWork first = coordinator.work(shards.get(0));
    Parts.send(address(first.round(), Parts.ALL, Content.WEIGHTS), first.weights(), to);
    boolean carried = run.spec().averaging().moments() == Moments.CARRY;
    Map<Integer, Long> ages = new TreeMap<>();
    for (int shard : shards) {
      RoundWork work = coordinator.work(shard);
      ages.put(shard, work.age());
      if (carried) {
        Parts.send(address(work.round(), shard, Content.MOMENTS), work.moments(), to);
      }
    }
    if (!carried) {
      Parts.send(address(first.round(), Parts.ALL, Content.MOMENTS), first.moments(), to);
    }
    to.accept(new TrainRound(stages.stage(), first.round(), stages.rounds(), ages));
  }

  private Address address(int round, int shard, Content content) {
    return new Address(stages.stage(), round, shard, content);
  }

  private int owner(int shard) {
    return shard % context.currentParallelism();
  }

  private List<Integer> shards(int subtask) {
    return IntStream.range(0, run.spec().shards())
        .filter(shard -> owner(shard) == subtask)
        .boxed()
        .toList();
  }

  @Override
  public void handleSourceEvent(int subtask, SourceEvent event) {
    if (event instanceof Part part) {
      if (inWork(part.address().stage(), part.address().round())) {
        parts.add(part);
      }
    } else if (event instanceof Trained trained) {
      trained(subtask, trained);
    } else if (event instanceof GateScored scored) {
      if (stages != null && stages.scored(scored.stage(), scored.shard(), scored.score())) {
        settle();
      }
    } else if (event instanceof Loaded now) {
      loaded(subtask, now);
    } else if (event instanceof Hopeless hopeless) {
      throw new UnrecoverableTrainingException(hopeless.why());
    } else {
      throw new IllegalArgumentException(
          "the averaging enumerator does not know the message " + event);
    }
    missing = stages == null ? 0 : stages.missing();
  }

  private boolean inWork(Stage stage, int round) {
    return stages != null
        && stages.training()
        && stages.stage() == stage
        && stages.coordinator().work(0).round() == round;
  }

  private void loaded(int subtask, Loaded now) {
    LOG.info("Training reader {} has loaded {}", subtask, now.summary());
    if (data != null && !data.equals(now.provenance())) {
      throw new IllegalStateException(
          "training reader %d read other data than those before it: %s, not %s; do readings get deleted meanwhile?"
              .formatted(subtask, now.provenance(), data));
    }
    data = now.provenance();
    if (loaded.isEmpty()) {
      reporter.begin(progress());
    }
    loaded.put(subtask, now);
    clock.loaded(subtask);
    if (loaded.keySet().containsAll(expectedReaders())) {
      emit(run.header(data, slots()));
    }
    if (subtask == owner(0)) {
      emit(reporter.step(phase(), progress(), now.summary()));
    }
  }

  private List<RunHeader.Slot> slots() {
    List<RunHeader.Slot> slots = new ArrayList<>();
    loaded.forEach(
        (subtask, from) -> {
          if (slots.size() < RoundReport.MOST) {
            slots.add(new RunHeader.Slot(subtask, host(subtask), from.kernels()));
          }
        });
    return slots;
  }

  private String host(int subtask) {
    return context.registeredReaders().containsKey(subtask)
        ? context.registeredReaders().get(subtask).getLocation()
        : "gone";
  }

  private void trained(int subtask, Trained trained) {
    ShardUpdate head = trained.update();
    if (!inWork(trained.stage(), head.round())) {
      return;
    }
    ShardUpdate update =
        head.with(
            parts.take(address(head.round(), head.shard(), Content.WEIGHTS)),
            parts.take(address(head.round(), head.shard(), Content.MOMENTS)));
    boolean completed = orHopeless(() -> stages.coordinator().accept(update));
    clock.folded(subtask);
    if (completed) {
      next();
    }
  }

  /** A round is complete. */
  private void next() {
    RoundCoordinator coordinator = stages.coordinator();
    RoundReport report = clock.report(stages.stage(), coordinator.lastRound(), this::owner);
    dropped += report.dropped().size();
    LOG.info("{} {}", stages.stage(), coordinator.progress());
    parts.clear();
    emit(reporter.round(phase(), progress(), report));
    handOutToAll();
  }

  private void handOutToAll() {
    busyReaders().forEach(this::handOut);
    clock.handedOut();
  }

  /** All shards have scored: a refit may follow, or the end. */
  private void settle() {
    TrainingRun.Outcome outcome = stages.outcome(data, reporter.meanRate(), dropped);
    if (stages.stage() == Stage.TRAIN) {
      context.callAsync(() -> new Refit(run.refit(outcome)), this::refit);
    } else {
      context.callAsync(() -> run.conclude(outcome), this::concluded);
    }
  }

  /** Where a refit starts; weights: null where none is wanted. */
  private record Refit(float[] weights) {}

  private void refit(Refit refit, Throwable failure) {
    check(failure);
    if (refit.weights() == null) {
      TrainingRun.Outcome outcome = stages.outcome(data, reporter.meanRate(), dropped);
      context.callAsync(() -> run.conclude(outcome), this::concluded);
      return;
    }
    stages.refit(refit.weights());
    reporter.begin(progress());
    emit(reporter.step(Phase.REFIT, progress(), "training once more, on all data"));
    handOutToAll();
  }

  private void concluded(List<TrainingRecord> records, Throwable failure) {
    check(failure);
    for (TrainingRecord one : records) {
      if (one.value().length + one.key().length > Parts.MESSAGE_BYTES) {
        throw new UnrecoverableTrainingException(
            "a record of %,d bytes for topic %s does not fit a message of %,d: make 'network' smaller"
                .formatted(one.value().length, one.topic(), Parts.MESSAGE_BYTES));
      }
    }
    conclusion = records;
    busyReaders().forEach(this::conclude);
  }

  /**
   * The end: what is to be published goes out by the reader of shard 0, and nobody gets more to do.
   */
  private void conclude(int subtask) {
    if (subtask == owner(0)) {
      conclusion.forEach(this::emit);
    }
    context.signalNoMoreSplits(subtask);
  }

  /** Looks whether what was handed out takes too long. */
  private void look(Object nothing, Throwable failure) {
    check(failure);
    if (stages == null || conclusion != null || stages.settled()) {
      return;
    }
    long limit = run.stragglers().timeoutMillis();
    if (clock.waited(expectedReaders()) < TimeUnit.MILLISECONDS.toNanos(limit)) {
      return;
    }
    // A restart may help where a host hangs; how often it is tried, training.max-retries says.
    if (!run.stragglers().drop() || !stages.training()) {
      throw new IllegalStateException(late(limit));
    }
    LOG.warn("{}: going on without them", late(limit));
    try {
      stages.coordinator().completeWithoutMissing();
    } catch (DivergenceException e) {
      throw new UnrecoverableTrainingException(e);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(late(limit), e);
    }
    next();
  }

  private String late(long limit) {
    List<Integer> shards =
        IntStream.range(0, run.spec().shards()).filter(stages::missing).boxed().toList();
    List<String> slots =
        shards.stream()
            .map(this::owner)
            .distinct()
            .sorted()
            .map(slot -> "slot %d on %s".formatted(slot, host(slot)))
            .toList();
    return "%s of %s has waited %,d s for shards %s (%s): look at these hosts, raise training.straggler-timeout%s"
        .formatted(
            stages.training() ? "round " + (progress().round() + 1) : "the gate",
            stages.stage().text(),
            limit / 1000,
            shards,
            String.join(", ", slots),
            stages.training() ? ", or set training.stragglers: drop" : "");
  }

  private Phase phase() {
    if (stages.stage() == Stage.REFIT) {
      return Phase.REFIT;
    }
    return stages.training() ? Phase.TRAINING : Phase.GATE;
  }

  private Progress progress() {
    return stages.coordinator().progress();
  }

  private void emit(TrainingRecord record) {
    // Nobody there to write it (a reader has just failed): the next report makes up for it.
    if (context.registeredReaders().containsKey(owner(0))) {
      context.sendEventToSourceReader(owner(0), new Emit(List.of(record)));
    }
  }

  /** Readers that will hold shards once they are there. */
  private List<Integer> expectedReaders() {
    int readers = Math.min(context.currentParallelism(), run.spec().shards());
    return IntStream.range(0, readers).boxed().toList();
  }

  /** Readers that hold shards; a reader without has ended already and must not be written to. */
  private List<Integer> busyReaders() {
    return context.registeredReaders().keySet().stream()
        .filter(subtask -> subtask < run.spec().shards())
        .toList();
  }

  /** What fails in the arithmetic fails again: a repetition gives the same bits. */
  private static <T> T orHopeless(Supplier<T> arithmetic) {
    try {
      return arithmetic.get();
    } catch (DivergenceException | IllegalArgumentException | IllegalStateException e) {
      throw new UnrecoverableTrainingException(e);
    }
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
    return stages == null
        ? new RunState(range, data, null, null, null, null, dropped)
        : stages.state(range, data, dropped);
  }

  /** Nothing to take back: a reader that comes again is given its shards again. */
  @Override
  public void addSplitsBack(List<ShardSplit> splits, int subtask) {
    LOG.info("Training reader {} has failed; its shards {} wait for the next", subtask, splits);
    placed.remove(subtask);
    loaded.remove(subtask);
    clock.gone(subtask);
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
