package dev.eddy.model.task.forecast;

import dev.eddy.model.train.ScoreSum;
import java.io.Serializable;

/**
 * What the gate's stretch says of a trained model and of the one that is live, both scored on the
 * same steps of the same series.
 *
 * @param model the trained model's sums, with the baselines'
 * @param live the live model's, with the same baselines'; null where none is compared
 */
public record GateScore(ScoreSum model, ScoreSum live) implements Serializable {

  /** This plus another shard's, of the same models. */
  public GateScore plus(GateScore other) {
    if ((live == null) != (other.live == null)) {
      throw new IllegalArgumentException("the live model was scored by some shards only");
    }
    return new GateScore(model.plus(other.model), live == null ? null : live.plus(other.live));
  }

  /** Mean loss of the trained model; NaN where nothing was scored. */
  public double loss() {
    return model.mean(0);
  }
}
