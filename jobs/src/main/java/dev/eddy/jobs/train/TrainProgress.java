package dev.eddy.jobs.train;

/**
 * How far a training run is: what a progress bar shows.
 *
 * @param phase what is being done
 * @param round rounds completed
 * @param rounds rounds at most; early stopping may end sooner
 * @param loss mean training loss of the last completed round; NaN before the first
 * @param validationLoss validation loss of the weights that entered the last completed round; NaN
 *     before the first
 * @param bestRound rounds averaged into the best weights so far, by validation loss
 * @param samplesPerSecond target steps learned from per second of wall clock in the last round; NaN
 *     before the first
 * @param secondsLeft estimate for the rounds still to come, if all are made; NaN before the first
 *     round is complete
 * @param message something to tell the user, or an empty string
 */
public record TrainProgress(
    Phase phase,
    int round,
    int rounds,
    double loss,
    double validationLoss,
    int bestRound,
    double samplesPerSecond,
    double secondsLeft,
    String message) {

  /** The phases of a run, in order. */
  public enum Phase {
    /** Every reader loads the history. */
    LOADING,
    /** Rounds of training and averaging. */
    TRAINING,
    /** The best weights are scored on the newest stretch, beside the baselines. */
    GATE,
    /** What passed the gate is trained once more, on all data. */
    REFIT,
    /** Published or refused; the job is ending. */
    DONE
  }
}
