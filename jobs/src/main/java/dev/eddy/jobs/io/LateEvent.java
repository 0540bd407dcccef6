package dev.eddy.jobs.io;

/**
 * An event that came after a newer one of its entity had been applied. Nothing was computed from it.
 *
 * @param event the event
 * @param lastTime event time of the newest applied event, epoch milliseconds
 */
public record LateEvent(Parsed.Event event, long lastTime) {}
