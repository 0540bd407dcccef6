package dev.eddy.jobs.serve;

import dev.eddy.jobs.io.LateEvent;
import dev.eddy.jobs.io.LiveScore;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.jobs.serve.MicroBatch.Arrival;
import dev.eddy.jobs.state.EntityState;
import dev.eddy.model.task.forecast.Forecast;
import dev.eddy.model.task.forecast.ForecastState;
import dev.eddy.model.task.forecast.Forecaster;
import dev.eddy.model.task.forecast.Reading;
import dev.eddy.model.task.forecast.Score;
import dev.eddy.model.task.forecast.Slots;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * One batched step: fetches the states of a wave's entities, sorts out late events, brings states
 * to the live weights, steps, and writes everything back. States live in its arrays between gather
 * and scatter only.
 */
final class WaveStep {
  private final StepSettings settings;
  private final Entities entities;
  private final LiveModel model;
  private final StepMetrics metrics;
  private final Output<StreamRecord<Prediction>> output;

  private final Parsed.Event[] events; // [batch size], as all below
  private final long[] arrivals;
  private final EntityState[] states;
  private final ForecastState[] forecastStates;
  private final Slots<Reading>[] rings;
  private final Reading[] readings;
  private final Forecast[] forecasts;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  WaveStep(
      StepSettings settings,
      Entities entities,
      LiveModel model,
      StepMetrics metrics,
      Output<StreamRecord<Prediction>> output) {
    this.settings = settings;
    this.entities = entities;
    this.model = model;
    this.metrics = metrics;
    this.output = output;
    int size = settings.batchSize();
    events = new Parsed.Event[size];
    arrivals = new long[size];
    states = new EntityState[size];
    forecastStates = new ForecastState[size];
    rings = new Slots[size];
    readings = new Reading[size];
    forecasts = new Forecast[size];
  }

  /** Steps a wave: at most one event of each entity. */
  void step(List<Arrival> wave) throws Exception {
    int count = gather(wave);
    if (count == 0) {
      return;
    }
    model.forecaster().step(count, forecastStates, rings, readings, forecasts);
    for (int i = 0; i < count; i++) {
      scatter(i);
    }
    metrics.stepped(count, arrivals);
    clear(count);
  }

  private int gather(List<Arrival> wave) throws Exception {
    int count = 0;
    for (Arrival arrival : wave) {
      Parsed.Event event = arrival.event();
      EntityState state = entities.get(event.entity());
      if (state == null) {
        state = new EntityState(model.forecaster().newState());
        metrics.entities(1);
      } else if (state.isLate(
          event.time(), event.position().partition(), event.position().offset())) {
        late(event, state);
        continue;
      }
      Slots<Reading> ring = entities.ring(event.entity());
      prepare(state.forecast, ring, event.time());
      events[count] = event;
      arrivals[count] = arrival.nanos();
      states[count] = state;
      forecastStates[count] = state.forecast;
      rings[count] = ring;
      readings[count] = new Reading(event.time(), event.value());
      count++;
    }
    return count;
  }

  /** Brings a state to the live weights by the policy, and starts it anew after a long silence. */
  private void prepare(ForecastState state, Slots<Reading> ring, long time) {
    Forecaster forecaster = model.forecaster();
    if (forecaster.stale(state)) {
      switch (settings.swap()) {
        case REWARM -> rewarm(forecaster, state, ring);
        case KEEP -> {
          if (state.architecture == model.architecture()) {
            forecaster.keep(state);
          } else {
            rewarm(forecaster, state, ring);
          }
        }
        case RESET -> forecaster.reset(state);
      }
    }
    if (isSilent(state, time)) {
      forecaster.reset(state);
    }
  }

  private void rewarm(Forecaster forecaster, ForecastState state, Slots<Reading> ring) {
    forecaster.rewarm(state, ring);
    metrics.rewarm();
  }

  /** Whether more than the gap reset's steps passed since the entity's last applied event. */
  private boolean isSilent(ForecastState state, long time) {
    long step = settings.task().stepMillis();
    return settings.gapReset() > 0
        && state.step > 0
        && Math.floorDiv(time, step) - Math.floorDiv(state.lastTime, step) > settings.gapReset();
  }

  private void scatter(int i) throws Exception {
    Parsed.Event event = events[i];
    EntityState state = states[i];
    state.partition = event.position().partition();
    state.offset = event.position().offset();
    Score score =
        model.forecaster().score(state.forecast, entities.pending(event.entity()), forecasts[i]);
    entities.update(event.entity(), state);
    output.collect(
        new StreamRecord<>(
            new Prediction(event.entity(), forecasts[i], settings.pipeline(), event.position()),
            event.time()));
    if (score != null) {
      metrics.score(score);
      output.collect(
          StepOutputs.SCORES,
          new StreamRecord<>(new LiveScore(event.entity(), event.time(), score), event.time()));
    }
  }

  private void late(Parsed.Event event, EntityState state) {
    metrics.late();
    output.collect(
        StepOutputs.LATE,
        new StreamRecord<>(new LateEvent(event, state.forecast.lastTime), event.time()));
  }

  /**
   * No state reference outlives a flush: after a snapshot, heap state hands out copies, and a kept
   * one loses writes.
   */
  private void clear(int count) {
    Arrays.fill(events, 0, count, null);
    Arrays.fill(states, 0, count, null);
    Arrays.fill(forecastStates, 0, count, null);
    Arrays.fill(rings, 0, count, null);
    Arrays.fill(readings, 0, count, null);
    Arrays.fill(forecasts, 0, count, null);
  }
}
