package dev.eddy.jobs.train;

import java.util.Map;

/**
 * What came of a training run.
 *
 * @param published whether the gate let the model through, so that it is the live model now
 * @param version the version published, or that would have been
 * @param swapEpoch the swap epoch published, or that would have been
 * @param reason why it was published or refused, a sentence for people
 * @param metrics errors on the gate's stretch by name, the model's beside the baselines'; in the
 *     order to be printed
 * @param rounds rounds made
 * @param bestRound rounds averaged into the weights that went to the gate
 * @param samples target steps learned from, all shards and rounds together
 * @param samplesPerSecond the same per second of wall clock while training
 * @param dropped updates of shards that came too late to count; above 0 only where {@code
 *     training.stragglers} is {@code drop}
 */
public record TrainResult(
    boolean published,
    int version,
    long swapEpoch,
    String reason,
    Map<String, Double> metrics,
    int rounds,
    int bestRound,
    long samples,
    double samplesPerSecond,
    long dropped) {}
