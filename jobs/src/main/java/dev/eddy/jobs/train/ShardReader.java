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
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.train.RoundWork;
import dev.eddy.model.train.ShardUpdate;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToLongFunction;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.MetricGroup;

/**
 * Runs the shards that the enumerator has placed on this slot.
 *
 * <p>Events from the enumerator become work for the {@link TrainingThread}; what that gives comes
 * back as outcomes in a queue, with a future that wakes the mailbox; {@link #pollNext} hands one
 * outcome on: a message to the enumerator, a record to the output, or the failure that ends the
 * task. So messages and records leave on the mailbox thread, and barriers and cancellation pass
 * while a round takes its time.
 *
 * <p>Checkpoints keep nothing of a reader. After a failure the enumerator places the shards anew,
 * and the data is loaded again.
 */
final class ShardReader implements SourceReader<TrainingRecord, ShardSplit> {
  private static final float[] NONE = {};

  private final SourceReaderContext context;
  private final TrainingRun run;
  private final TrainingThread thread;
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private volatile CompletableFuture<Void> available = new CompletableFuture<>();
  private final Parts parts = new Parts();

  /** The round that counts; null where none does: updates of another would come too late. */
  private volatile TrainRound newest;

  private boolean noMoreSplits;

  /** Touched by the training thread alone. */
  private boolean refitting;

  /** Touched by the training thread alone. */
  private List<Integer> shards = List.of();

  /** Set by the training thread alone; null without data. */
  private volatile TrainingRun.Shards data;

  ShardReader(SourceReaderContext context, TrainingRun run) {
    this.context = context;
    this.run = run;
    this.thread =
        new TrainingThread(
            "eddy-train-" + context.getIndexOfSubtask(),
            context.getUserCodeClassLoader().asClassLoader(),
            this::failed,
            this::unload);
  }

  /** What {@link #pollNext} is to do next. */
  private sealed interface Outcome {}

  private record Message(SourceEvent event) implements Outcome {}

  private record Output(TrainingRecord output) implements Outcome {}

  private record Failure(Throwable cause) implements Outcome {}

  @Override
  public void start() {
    MetricGroup metrics = context.metricGroup().addGroup("eddy");
    metrics.gauge("historyBytes", () -> bytes(TrainingRun.Shards::memoryBytes));
    metrics.gauge("historyDiskBytes", () -> bytes(TrainingRun.Shards::diskBytes));
    String misfit = Parts.misfit(context.getConfiguration(), "this TaskManager");
    if (misfit != null) {
      tell(new Hopeless(misfit));
    }
    thread.start();
  }

  @Override
  public void addSplits(List<ShardSplit> splits) {
    HistoryRange range = splits.get(0).range();
    List<Integer> placed = splits.stream().map(ShardSplit::shard).sorted().toList();
    thread.submit(() -> load(range, placed));
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    if (event instanceof Part part) {
      parts.add(part);
    } else if (event instanceof TrainRound round) {
      Map<Integer, RoundWork> works = works(round);
      newest = round;
      thread.submit(() -> train(round, works));
    } else if (event instanceof ScoreGate gate) {
      float[] weights =
          parts.take(new Address(gate.stage(), Parts.GATE, Parts.ALL, Content.WEIGHTS));
      newest = null;
      thread.submit(() -> score(gate.stage(), weights));
    } else if (event instanceof Emit emit) {
      emit.records().forEach(output -> put(new Output(output)));
    } else {
      throw new IllegalArgumentException("a shard reader does not know the message " + event);
    }
  }

  @Override
  public InputStatus pollNext(ReaderOutput<TrainingRecord> output) throws Exception {
    Outcome outcome = outcomes.poll();
    if (outcome instanceof Message message) {
      context.sendSourceEventToCoordinator(message.event());
    } else if (outcome instanceof Output result) {
      output.collect(result.output());
    } else if (outcome instanceof Failure failure) {
      throw asException(failure.cause());
    }
    if (!outcomes.isEmpty()) {
      return InputStatus.MORE_AVAILABLE;
    }
    return noMoreSplits ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    if (available.isDone()) {
      available = new CompletableFuture<>();
    }
    // After the new future is visible: whoever puts an outcome from here on completes it, whoever
    // was before is seen.
    if (!outcomes.isEmpty() || noMoreSplits) {
      available.complete(null);
    }
    return available;
  }

  /** The end of the run: the enumerator says so after all that is to be emitted. */
  @Override
  public void notifyNoMoreSplits() {
    noMoreSplits = true;
    available.complete(null);
  }

  @Override
  public List<ShardSplit> snapshotState(long checkpointId) {
    return List.of();
  }

  @Override
  public void close() {
    thread.close();
  }

  private void load(HistoryRange range, List<Integer> placed) throws Exception {
    unload();
    data = run.load(range, placed, temporary());
    shards = placed;
    refitting = false;
    tell(new Loaded(data.summary(), data.provenance(), KernelSelection.kernels().name()));
  }

  private void unload() {
    TrainingRun.Shards old = data;
    data = null;
    if (old != null) {
      old.close();
    }
  }

  private long bytes(ToLongFunction<TrainingRun.Shards> of) {
    TrainingRun.Shards now = data;
    return now == null ? 0 : of.applyAsLong(now);
  }

  /** The roomiest of {@code io.tmp.dirs}. */
  private Path temporary() {
    String[] all = ConfigurationUtils.parseTempDirectories(context.getConfiguration());
    return Arrays.stream(all)
        .map(Path::of)
        .max(Comparator.comparingLong(directory -> directory.toFile().getUsableSpace()))
        .orElseThrow();
  }

  /** What each shard is to do, of the parts that have come. */
  private Map<Integer, RoundWork> works(TrainRound round) {
    float[] weights = parts.take(address(round, Parts.ALL, Content.WEIGHTS));
    float[] shared = parts.take(address(round, Parts.ALL, Content.MOMENTS));
    Map<Integer, RoundWork> works = new TreeMap<>();
    round
        .ages()
        .forEach(
            (shard, age) -> {
              float[] own = parts.take(address(round, shard, Content.MOMENTS));
              float[] moments = own.length > 0 ? own : shared;
              works.put(shard, new RoundWork(round.round(), weights, moments, age));
            });
    parts.clear();
    return works;
  }

  private static Address address(TrainRound round, int shard, Content content) {
    return new Address(round.stage(), round.round(), shard, content);
  }

  private void train(TrainRound round, Map<Integer, RoundWork> works) {
    if (round.stage() == Stage.REFIT && !refitting) {
      data.refit(round.rounds());
      refitting = true;
    }
    for (int shard : shards) {
      if (newest != round) {
        return; // the others have gone on without this slot
      }
      ShardUpdate update = data.train(shard, works.get(shard));
      Parts.send(address(round, shard, Content.WEIGHTS), update.weights(), this::tell);
      Parts.send(address(round, shard, Content.MOMENTS), update.moments(), this::tell);
      tell(new Trained(round.stage(), update.with(NONE, NONE)));
    }
  }

  private void score(Stage stage, float[] weights) {
    for (int shard : shards) {
      tell(new GateScored(stage, shard, data.gate(stage, shard, weights)));
    }
  }

  private void tell(SourceEvent event) {
    put(new Message(event));
  }

  private void failed(Throwable cause) {
    put(
        cause instanceof UnrecoverableTrainingException
            ? new Message(new Hopeless(cause.getMessage()))
            : new Failure(cause));
  }

  private void put(Outcome outcome) {
    outcomes.add(outcome);
    available.complete(null);
  }

  private static Exception asException(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (Exception) cause;
  }
}
