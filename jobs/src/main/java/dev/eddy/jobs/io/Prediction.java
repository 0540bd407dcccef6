package dev.eddy.jobs.io;

import dev.eddy.model.task.forecast.Forecast;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * One output record of the forecasting job: {@code
 * {"entity","time","step","targets":[{"time","p05","p50","p95"}],
 * "source","model","modelVersion","swapEpoch","input":{"topic","partition","offset"}}}.
 *
 * @param entity the entity
 * @param forecast what was forecast, when, and by which weights
 * @param model the model's name
 * @param input the record that caused it
 */
@TypeInfo(StreamTypes.OfPrediction.class)
public record Prediction(String entity, Forecast forecast, String model, InputPosition input) {}
