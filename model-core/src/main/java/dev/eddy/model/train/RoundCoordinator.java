package dev.eddy.model.train;

import java.util.Arrays;
import java.util.List;

/**
 * Averages the shards' updates, round after round: a pure state machine without threads or clocks.
 * Its state after a round does not depend on the order in which that round's updates arrived. Not
 * thread-safe.
 *
 * <p>The average of weights and moments is weighted by the samples each shard learned from, summed
 * in double precision in shard order; {@link OuterStep} makes the next round's weights of it,
 * {@link Moments} says what becomes of moments. The validation loss that comes with a round belongs
 * to the weights the round started from. The run ends after {@code rounds} training rounds and the
 * one that scores what they made, or when {@code patience} rounds in a row have brought no better
 * validation loss.
 *
 * <p>Where a round was completed without some shards, its validation loss is of the others' data;
 * two rounds are compared by the shards that scored both.
 */
public final class RoundCoordinator {
  private static final float[] NONE = {};

  private final TrainingSpec spec;
  private State state;
  private RoundFold fold;
  private RoundSummary last;

  /**
   * A run from its beginning.
   *
   * @param spec how to train
   * @param weights where to start, {@code [n]}. Copied
   * @throws DivergenceException if a weight is not finite
   */
  public RoundCoordinator(TrainingSpec spec, float[] weights) {
    this(spec, State.initial(spec, weights.clone()));
    RoundFold.checkFinite("the initial weights", weights, spec);
  }

  private RoundCoordinator(TrainingSpec spec, State state) {
    this.spec = spec;
    this.state = state;
    this.fold = newFold();
  }

  /**
   * Goes on from a snapshot. The round that was in work is done again from its start, by all
   * shards.
   *
   * @param spec the specification under which the snapshot was taken
   * @throws IllegalArgumentException if the bytes are no snapshot, of another version, or of a run
   *     with another specification
   */
  public static RoundCoordinator restore(TrainingSpec spec, byte[] snapshot) {
    return new RoundCoordinator(spec, CoordinatorSnapshot.read(spec, snapshot));
  }

  /** What a shard is to do now. Meaningless once {@link #finished()}. */
  public RoundWork work(int shard) {
    if (state.moments().length == 0) {
      return new RoundWork(state.round(), state.weights(), NONE, 0);
    }
    int whose = spec.averaging().moments() == Moments.CARRY ? shard : 0;
    return new RoundWork(
        state.round(), state.weights(), state.moments()[whose], state.ages()[whose]);
  }

  /**
   * Takes in what a shard did. Updates of another round, and a second update of the same shard, are
   * ignored. The coordinator keeps the update's arrays: do not write into them.
   *
   * @return whether this completed the round, so that {@link #work} is new, or the run {@link
   *     #finished()}
   * @throws DivergenceException if a number of the update, or one that the outer step made, is not
   *     finite; the completed rounds stay as they were
   * @throws IllegalArgumentException if the update does not fit this run
   * @throws IllegalStateException if a whole training round found nothing to learn from
   */
  public boolean accept(ShardUpdate update) {
    if (finished() || update.round() != state.round() || !fold.accept(update)) {
      return false;
    }
    if (!fold.complete()) {
      return false;
    }
    complete(List.of());
    return true;
  }

  /** Shards that the round in work still waits for, ascending; none once {@link #finished()}. */
  public List<Integer> missing() {
    return finished() ? List.of() : fold.missing();
  }

  /**
   * Ends the round in work with the updates that have come. The shards that are missing have no
   * part in its average and keep the moments they had; should their updates come yet, they are
   * ignored. Who calls this by a clock gives up that the same data give the same bits.
   *
   * @throws IllegalStateException if nobody has come who learned something (in the round that only
   *     scores: nobody at all), or if none is missing
   * @throws DivergenceException as {@link #accept}
   */
  public void completeWithoutMissing() {
    List<Integer> missing = missing();
    boolean enough = state.round() == spec.rounds() ? fold.hasUpdates() : fold.hasSamples();
    if (missing.isEmpty() || !enough) {
      throw new IllegalStateException(
          "round %d cannot be completed without shards %s: %s"
              .formatted(
                  state.round(),
                  missing,
                  missing.isEmpty()
                      ? "none is missing"
                      : "no other has brought anything to average"));
    }
    fold.skipMissing();
    complete(missing);
  }

  /** Whether the run is over: all rounds done, or patience exhausted. */
  public boolean finished() {
    return state.progress().finished();
  }

  /**
   * The weights with the best validation loss so far; the newest where there is no validation data;
   * the initial ones before the first round is complete. Always finite. Not to be written into.
   */
  public float[] bestWeights() {
    return state.best();
  }

  /** Where the run stands. */
  public Progress progress() {
    return state.progress();
  }

  /** The round completed last; null before the first, and after a {@link #restore}. */
  public RoundSummary lastRound() {
    return last;
  }

  /** All that is needed to go on: the completed rounds. Same state, same bytes. */
  public byte[] snapshot() {
    return CoordinatorSnapshot.write(spec, state);
  }

  /** Bytes that the {@link #snapshot} of a run with so many weights takes for all its arrays. */
  public static long snapshotBytes(TrainingSpec spec, int weightCount) {
    long perWeight = 2; // where the round starts, and the best
    perWeight += spec.averaging().outer().kind() == OuterStep.Kind.AVERAGE ? 0 : 1;
    perWeight += (long) State.keptMoments(spec) * spec.update().optimiser().momentsPerWeight();
    return perWeight * weightCount * Float.BYTES;
  }

  private RoundFold newFold() {
    return new RoundFold(spec, state.round(), state.weights().length);
  }

  private void complete(List<Integer> dropped) {
    int round = state.round();
    ScoreSum score = total(fold.validation(), fold.validation());
    state = next(score);
    last =
        new RoundSummary(
            round, fold.loss(), score.mean(0), fold.samples(), fold.rate(), fold.shards(), dropped);
    fold = newFold();
  }

  /** The state after the round whose updates are all folded. */
  private State next(ScoreSum score) {
    int round = state.round();
    Progress before = state.progress();
    boolean better = before.bestRound() < 0 || better(fold.validation(), state.bestScores());
    int bestRound = better ? round : before.bestRound();
    boolean scored = round == spec.rounds();
    if (!scored && fold.samples() == 0) {
      throw new IllegalStateException(
          ("training has nothing to learn from: none of the %d shards"
                  + " has a step whose target is known")
              .formatted(spec.shards()));
    }
    Progress progress =
        new Progress(
            scored ? round : round + 1,
            spec.rounds(),
            scored ? before.loss() : fold.loss(),
            score.mean(0),
            before.samples() + fold.samples(),
            bestRound,
            better ? score.mean(0) : before.bestValidationLoss(),
            scored || round - bestRound >= spec.patience());
    float[] best = better ? state.weights() : state.best();
    ScoreSum[] bestScores = better ? fold.validation() : state.bestScores();
    if (scored) {
      return new State(
          round,
          state.weights(),
          state.velocity(),
          state.moments(),
          state.ages(),
          best,
          bestScores,
          progress);
    }
    float[] velocity = state.velocity().clone();
    float[] weights = fold.weights(state.weights(), velocity);
    return new State(round + 1, weights, velocity, moments(), ages(), best, bestScores, progress);
  }

  private float[][] moments() {
    float[][] moments = state.moments().clone();
    if (spec.averaging().moments() == Moments.AVERAGE) {
      moments[0] = fold.moments();
    } else {
      for (int shard = 0; shard < moments.length; shard++) {
        float[] own = fold.carried(shard);
        moments[shard] = own == null ? moments[shard] : own;
      }
    }
    return moments;
  }

  private long[] ages() {
    long[] ages = state.ages().clone();
    if (spec.averaging().moments() == Moments.AVERAGE) {
      int most = 0;
      for (int shard = 0; shard < spec.shards(); shard++) {
        most = Math.max(most, fold.steps(shard));
      }
      ages[0] += most;
    } else {
      for (int shard = 0; shard < ages.length; shard++) {
        ages[shard] += fold.steps(shard);
      }
    }
    return ages;
  }

  /**
   * Whether a round's scores are better, by the shards that scored both. Without validation data
   * nothing speaks against the newest weights.
   */
  private static boolean better(ScoreSum[] scores, ScoreSum[] best) {
    ScoreSum now = total(scores, best);
    ScoreSum then = total(best, scores);
    return now.count() == 0 ? total(best, best).count() == 0 : now.mean(0) < then.mean(0);
  }

  /** The sum, in shard order, over the shards that are among others too. */
  private static ScoreSum total(ScoreSum[] scores, ScoreSum[] others) {
    ScoreSum total = new ScoreSum(0, new double[1]);
    for (int shard = 0; shard < scores.length; shard++) {
      if (scores[shard] != null && others[shard] != null) {
        total = total.plus(scores[shard]);
      }
    }
    return total;
  }

  /**
   * What is known between two rounds. Arrays are never written into.
   *
   * @param round the round in work
   * @param weights where it starts, {@code [n]}
   * @param velocity of the outer step, {@code [n]}, or empty
   * @param moments the optimiser's, {@code [k][n]} each: one for all, one for each shard, or none
   * @param ages steps that each of them has seen
   * @param best the best weights so far, {@code [n]}
   * @param bestScores what each shard scored for those, null for one that did not
   * @param progress the figures
   */
  record State(
      int round,
      float[] weights,
      float[] velocity,
      float[][] moments,
      long[] ages,
      float[] best,
      ScoreSum[] bestScores,
      Progress progress) {
    /** How many arrays of moments there are. */
    static int keptMoments(TrainingSpec spec) {
      return switch (spec.averaging().moments()) {
        case AVERAGE -> 1;
        case CARRY -> spec.shards();
        case RESET -> 0;
      };
    }

    static State initial(TrainingSpec spec, float[] weights) {
      float[][] moments = new float[keptMoments(spec)][];
      Arrays.fill(moments, spec.update().optimiser().newMoments(weights.length));
      return new State(
          0,
          weights,
          spec.averaging().outer().newVelocity(weights.length),
          moments,
          new long[moments.length],
          weights,
          new ScoreSum[spec.shards()],
          new Progress(0, spec.rounds(), Double.NaN, Double.NaN, 0, -1, Double.NaN, false));
    }
  }
}
