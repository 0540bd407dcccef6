package dev.eddy.jobs.train;

import dev.eddy.jobs.history.HistoryRange;
import dev.eddy.model.task.forecast.GateScore;
import dev.eddy.model.train.RoundCoordinator;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a run has come: training, the gate, and, if wanted, the refit and a look at its weights.
 * Without threads or clocks; not thread-safe.
 *
 * <pre>
 *   rounds of TRAIN -> gate of TRAIN -> [refit wanted?] -> rounds of REFIT -> gate of REFIT -> settled
 *                                             \-----------------------------------------------> settled
 * </pre>
 */
final class RunStages {
  private final TrainingRun run;
  private final RoundCoordinator train;
  private final Map<Integer, GateScore> scores = new TreeMap<>();
  private GateScore gate;
  private RoundCoordinator refit;
  private GateScore refitGate;

  /** A run from its beginning; weights: where training starts, copied. */
  RunStages(TrainingRun run, float[] weights) {
    this.run = run;
    this.train = new RoundCoordinator(run.spec(), weights);
  }

  /** A run that goes on from what a checkpoint kept; {@code state.train()} must be there. */
  RunStages(TrainingRun run, RunState state) {
    this.run = run;
    this.train = RoundCoordinator.restore(run.spec(), state.train());
    this.gate = state.gate();
    this.refit =
        state.refit() == null
            ? null
            : RoundCoordinator.restore(run.spec().withRounds(bestRound()), state.refit());
    this.refitGate = state.refitGate();
  }

  /** Which training the run is in. */
  Stage stage() {
    return refit == null ? Stage.TRAIN : Stage.REFIT;
  }

  /** The coordinator of that training. */
  RoundCoordinator coordinator() {
    return refit == null ? train : refit;
  }

  /** Rounds at most in that training. */
  int rounds() {
    return coordinator().progress().of();
  }

  /** Whether shards are to train. */
  boolean training() {
    return !coordinator().finished();
  }

  /** Whether shards are to score the stage's best weights. */
  boolean scoring() {
    return !training() && score() == null;
  }

  /** Whether the stage is over: a refit may follow, or the end. */
  boolean settled() {
    return !training() && score() != null;
  }

  /** Takes in a shard's score; whether it was the last. A second one of the same is ignored. */
  boolean scored(Stage stage, int shard, GateScore score) {
    if (stage != stage() || !scoring()) {
      return false;
    }
    scores.putIfAbsent(shard, score);
    if (scores.size() < run.spec().shards()) {
      return false;
    }
    GateScore total =
        scores.values().stream().reduce(GateScore::plus).orElseThrow(); // in shard order
    scores.clear();
    if (refit == null) {
      gate = total;
    } else {
      refitGate = total;
    }
    return true;
  }

  /** Shards whose score has not come, or whose update. */
  int missing() {
    return scoring() ? run.spec().shards() - scores.size() : coordinator().missing().size();
  }

  /** Whether this shard's score, or its update, has not come. */
  boolean missing(int shard) {
    return scoring() ? !scores.containsKey(shard) : coordinator().missing().contains(shard);
  }

  /**
   * Begins the refit: as many rounds as gave the best weights. weights: where it starts, copied.
   */
  void refit(float[] weights) {
    refit = new RoundCoordinator(run.spec().withRounds(bestRound()), weights);
  }

  /** What training, gate and refit gave. Once the run is {@link #settled}. */
  TrainingRun.Outcome outcome(Map<String, String> data, double samplesPerSecond, long dropped) {
    TrainingRun.Refit again =
        refit == null
            ? null
            : new TrainingRun.Refit(refit.bestWeights(), refit.progress(), refitGate);
    return new TrainingRun.Outcome(
        train.bestWeights(), train.progress(), gate, again, data, samplesPerSecond, dropped);
  }

  /** What a checkpoint keeps. */
  RunState state(HistoryRange range, Map<String, String> data, long dropped) {
    return new RunState(
        range,
        data,
        train.snapshot(),
        gate,
        refit == null ? null : refit.snapshot(),
        refitGate,
        dropped);
  }

  private GateScore score() {
    return refit == null ? gate : refitGate;
  }

  /** At least 1: a refit is not asked for where no round made anything better. */
  private int bestRound() {
    return Math.max(1, train.progress().bestRound());
  }
}
