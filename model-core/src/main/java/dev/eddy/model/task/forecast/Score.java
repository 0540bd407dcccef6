package dev.eddy.model.task.forecast;

/**
 * How one matured forecast did against the truth, beside the baselines made at the same origin. All
 * errors are means over the {@code count} steps of its horizon whose truth is known and for which
 * every baseline could speak.
 *
 * @param origin event time the forecast was made at, epoch milliseconds
 * @param warmup whether it was marked as warm-up
 * @param modelVersion version of the weights that made it
 * @param count steps scored; 0 where nothing could be compared, and all errors are 0 then
 * @param mae mean absolute error of the median
 * @param lastMae of the last value held
 * @param seasonMae of the seasonal naive, one per season
 * @param covered share of truths within the outermost quantiles
 * @param pinball mean quantile loss over the levels
 */
public record Score(
    long origin,
    boolean warmup,
    int modelVersion,
    int count,
    double mae,
    double lastMae,
    double[] seasonMae,
    double covered,
    double pinball) {}
