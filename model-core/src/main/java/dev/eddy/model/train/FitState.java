package dev.eddy.model.train;

import dev.eddy.model.net.Network;
import java.util.List;

/**
 * A fit between two steps: all that is needed to go on as if it had never stopped. {@link
 * FitCheckpoint} makes bytes of it.
 */
public final class FitState {
  final float[] weights; // [n]
  final float[] moments; // [k][n]
  final double[] schedule;
  final States states;
  float[] best; // [n]
  double bestLoss = Double.NaN;
  int validationsSince; // without a new least loss
  int epoch; // whole epochs done
  int batch; // batches of this epoch done
  long step;
  double lossSum; // since the last row of the history
  long lossCount;
  double rate = Double.NaN; // of the last step
  double seconds;
  boolean stopped; // patience is exhausted
  History history = new History(List.of());

  FitState(float[] weights, float[] moments, double[] schedule, States states, float[] best) {
    this.weights = weights;
    this.moments = moments;
    this.schedule = schedule;
    this.states = states;
    this.best = best;
  }

  /**
   * A fit before its first step.
   *
   * @param weights where to start, {@code [n]}. Copied
   */
  public static FitState begin(Network network, FitSpec spec, float[] weights) {
    if (weights.length != network.weightCount()) {
      throw new IllegalArgumentException(
          "the network has %d weights, got %d".formatted(network.weightCount(), weights.length));
    }
    return new FitState(
        weights.clone(),
        spec.update().optimiser().newMoments(weights.length),
        spec.update().schedule().newState(),
        new States(network.stateSize()),
        weights.clone());
  }

  /** Steps made so far. */
  public long step() {
    return step;
  }

  /** The learning curve so far. */
  public History history() {
    return history;
  }

  /** The best weights so far, {@code [n]}. Not to be written into. */
  public float[] best() {
    return best;
  }
}
