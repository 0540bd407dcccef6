package dev.eddy.jobs.io;

import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * An event that came after a newer one of its entity had been applied. Nothing was computed from
 * it.
 *
 * @param event the event
 * @param lastTime event time of the newest applied event, epoch milliseconds
 */
@TypeInfo(StreamTypes.OfLateEvent.class)
public record LateEvent(Parsed.Event event, long lastTime) {}
