package dev.eddy.jobs.forecast;

import dev.eddy.jobs.io.LateEvent;
import dev.eddy.jobs.io.LiveScore;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.jobs.registry.ModelRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;

/**
 * Everything a forecasting job reads and writes: Kafka topics, or what a test puts in their place.
 *
 * @param events good and bad records of the events topic
 * @param models records of the models topic, from just after those that the job was started with;
 *     bounded where the events are, because a job ends when all of its sources have
 * @param predictions one for each event that was applied
 * @param scores one for each matured forecast
 * @param late events that came too late to be applied
 * @param deadLetters records that are no events
 */
public record ForecastIo(
    Source<Parsed, ?, ?> events,
    Source<ModelRecord, ?, ?> models,
    Sink<Prediction> predictions,
    Sink<LiveScore> scores,
    Sink<LateEvent> late,
    Sink<Parsed.BadRecord> deadLetters) {

  /** Refuses a bounded run that could never end. */
  public ForecastIo {
    if (events.getBoundedness() == Boundedness.BOUNDED
        && models.getBoundedness() != Boundedness.BOUNDED) {
      throw new IllegalArgumentException(
          "the forecasting job's events are bounded but its models are not, so it would never end: give it a bounded source"
              + " of models");
    }
  }
}
