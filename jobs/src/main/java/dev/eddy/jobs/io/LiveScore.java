package dev.eddy.jobs.io;

import dev.eddy.model.task.forecast.Score;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * One record of the scores topic: a matured forecast against its truth, beside the baselines.
 *
 * @param entity the entity
 * @param time event time of the event that completed the truth, epoch milliseconds
 * @param score the errors
 */
@TypeInfo(StreamTypes.OfLiveScore.class)
public record LiveScore(String entity, long time, Score score) {}
