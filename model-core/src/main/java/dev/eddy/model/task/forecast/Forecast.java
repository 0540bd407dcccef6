package dev.eddy.model.task.forecast;

/**
 * A forecast of the next H steps of one entity, in the target's own unit.
 *
 * @param origin event time of the reading it was made at, epoch milliseconds; step h is about
 *     {@code origin + (h + 1) * step}
 * @param step how many readings of this entity had been applied, this one included: 1, 2, ...
 * @param warmup whether the entity had seen too little for the forecast to be trusted
 * @param modelVersion version of the weights that made it
 * @param swapEpoch swap epoch of the weights that made it
 * @param quantiles {@code [H][Q]} row-major, ascending in q
 */
public record Forecast(
    long origin, long step, boolean warmup, int modelVersion, long swapEpoch, float[] quantiles) {}
