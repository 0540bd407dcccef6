package dev.eddy.model.train;

/**
 * Averages the shards' updates, round after round: a pure state machine without threads or clocks.
 * Its state after a round does not depend on the order in which that round's updates arrived. Not
 * thread-safe.
 *
 * <p>The average of weights and moments is weighted by the samples each shard learned from, summed
 * in double precision in shard order. The validation loss that comes with a round belongs to the
 * weights the round started from. The run ends after {@code rounds} training rounds and the one
 * that scores what they made, or when {@code patience} rounds in a row have brought no better
 * validation loss.
 */
public final class RoundCoordinator {
  private final TrainingSpec spec;
  private State state;
  private RoundFold fold;

  /**
   * A run from its beginning.
   *
   * @param spec how to train
   * @param weights where to start, {@code [n]}. Copied
   * @throws DivergenceException if a weight is not finite
   */
  public RoundCoordinator(TrainingSpec spec, float[] weights) {
    this(
        spec,
        State.initial(
            weights.clone(), spec.update().optimiser().newMoments(weights.length), spec.rounds()));
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
    return new RoundWork(state.round(), state.weights(), state.moments());
  }

  /**
   * Takes in what a shard did. Updates of another round, and a second update of the same shard, are
   * ignored. The coordinator keeps the update's arrays until its turn: do not write into them.
   *
   * @return whether this completed the round, so that {@link #work} is new, or the run {@link
   *     #finished()}
   * @throws DivergenceException if a number of the update is not finite; the coordinator stays as
   *     it was before
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
    state = next();
    fold = newFold();
    return true;
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

  /** All that is needed to go on: the completed rounds. Same state, same bytes. */
  public byte[] snapshot() {
    return CoordinatorSnapshot.write(spec, state);
  }

  private RoundFold newFold() {
    return new RoundFold(spec, state.round(), state.weights().length);
  }

  /** The state after the round whose updates are all folded. */
  private State next() {
    int round = state.round();
    Progress before = state.progress();
    double validation = fold.validation().mean(0);
    // Without validation data nothing speaks against the newest weights.
    boolean better =
        Double.isNaN(validation)
            || before.bestRound() < 0
            || validation < before.bestValidationLoss();
    int bestRound = better ? round : before.bestRound();
    double bestLoss = better ? validation : before.bestValidationLoss();
    float[] best = better ? state.weights() : state.best();
    boolean last = round == spec.rounds();
    if (!last && fold.samples() == 0) {
      throw new IllegalStateException(
          ("training has nothing to learn from: none of the %d shards"
                  + " has a step whose target is known")
              .formatted(spec.shards()));
    }
    Progress progress =
        new Progress(
            last ? round : round + 1,
            spec.rounds(),
            last ? before.loss() : fold.lossSum() / fold.samples(),
            validation,
            before.samples() + fold.samples(),
            bestRound,
            bestLoss,
            last || round - bestRound >= spec.patience());
    return last
        ? new State(round, state.weights(), state.moments(), best, progress)
        : new State(round + 1, fold.weights(), fold.moments(), best, progress);
  }

  /**
   * What is known between two rounds. Arrays are never written into.
   *
   * @param round the round in work
   * @param weights where it starts, {@code [n]}
   * @param moments the optimiser's, {@code [k][n]}
   * @param best the best weights so far, {@code [n]}
   * @param progress the figures
   */
  record State(int round, float[] weights, float[] moments, float[] best, Progress progress) {
    static State initial(float[] weights, float[] moments, int rounds) {
      Progress progress = new Progress(0, rounds, Double.NaN, Double.NaN, 0, -1, Double.NaN, false);
      return new State(0, weights, moments, weights, progress);
    }
  }
}
