package dev.eddy.model.task.forecast;

/**
 * One reading of one entity, as it came.
 *
 * @param time event time, epoch milliseconds
 * @param value the raw value in the target's own unit; NaN where the reading is missing
 */
public record Reading(long time, double value) {}
