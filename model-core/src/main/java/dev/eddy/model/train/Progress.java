package dev.eddy.model.train;

import java.io.Serializable;

/**
 * Where a run stands, for a progress bar and a log.
 *
 * @param round training rounds done
 * @param of training rounds at most; patience may end the run before
 * @param loss mean training loss of the last round; NaN before the first is done
 * @param validationLoss mean validation loss of the newest weights that were scored; NaN where none
 *     were
 * @param samples targets learned from so far, over all shards
 * @param bestRound training rounds after which the best weights so far stood; -1 before any were
 *     scored
 * @param bestValidationLoss their validation loss; NaN where there is no validation data
 * @param finished whether the run is over
 */
public record Progress(
    int round,
    int of,
    double loss,
    double validationLoss,
    long samples,
    int bestRound,
    double bestValidationLoss,
    boolean finished)
    implements Serializable {}
