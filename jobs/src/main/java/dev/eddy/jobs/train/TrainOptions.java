package dev.eddy.jobs.train;

import java.io.Serializable;

/**
 * What is asked of one run, beside the pipeline's configuration.
 *
 * @param warmStart whether training starts from the live model's weights; it starts afresh, with a
 *     message to the listener, where there is none or its network is another
 * @param force whether the model is published though the gate refuses it; never one whose weights
 *     or error are not finite
 */
public record TrainOptions(boolean warmStart, boolean force) implements Serializable {
  /** Afresh, and as the gate decides. */
  public static final TrainOptions NONE = new TrainOptions(false, false);
}
