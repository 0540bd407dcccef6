package dev.eddy.model.train;

/**
 * Where a fit stands, after a step.
 *
 * @param epoch whole epochs done
 * @param epochs epochs at most; patience may end the run before
 * @param step steps done
 * @param loss mean training loss of this step
 * @param gradientNorm before clipping
 * @param rate learning rate of this step
 * @param bestValidationLoss the least so far; NaN before the first validation
 * @param done share of all epochs that is done, within [0, 1]
 * @param seconds spent so far, over all resumptions
 * @param secondsLeft if it goes on like this and no patience ends it; NaN before anything is done
 */
public record FitProgress(
    int epoch,
    int epochs,
    long step,
    double loss,
    double gradientNorm,
    double rate,
    double bestValidationLoss,
    double done,
    double seconds,
    double secondsLeft) {}
