package dev.eddy.jobs.serve;

import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.state.DelayedEvents;
import dev.eddy.jobs.state.DelayedEventsSerializer;
import dev.eddy.jobs.state.EntityState;
import dev.eddy.jobs.state.EntityStateSerializer;
import dev.eddy.jobs.state.ForecastSerializer;
import dev.eddy.jobs.state.ReadingSerializer;
import dev.eddy.model.task.forecast.Forecast;
import dev.eddy.model.task.forecast.Reading;
import dev.eddy.model.task.forecast.Slots;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * The keyed state of all entities of a subtask. Each access names its entity; nothing fetched is
 * kept here.
 */
final class Entities {
  static final ValueStateDescriptor<EntityState> HOT =
      new ValueStateDescriptor<>("entity", EntityStateSerializer.INSTANCE);
  static final MapStateDescriptor<Integer, Reading> RING =
      new MapStateDescriptor<>("ring", IntSerializer.INSTANCE, ReadingSerializer.INSTANCE);
  static final MapStateDescriptor<Integer, Forecast> PENDING =
      new MapStateDescriptor<>("pending", IntSerializer.INSTANCE, ForecastSerializer.INSTANCE);
  static final ValueStateDescriptor<DelayedEvents> DELAYED =
      new ValueStateDescriptor<>("delayed", DelayedEventsSerializer.INSTANCE);

  private final KeyContext context;
  private final ValueState<EntityState> hot;
  private final MapState<Integer, Reading> ring;
  private final MapState<Integer, Forecast> pending;
  private final ValueState<DelayedEvents> delayed;

  Entities(KeyContext context, KeyedStateStore store) {
    this.context = context;
    this.hot = store.getState(HOT);
    this.ring = store.getMapState(RING);
    this.pending = store.getMapState(PENDING);
    this.delayed = store.getState(DELAYED);
  }

  /**
   * The hot value of an entity, to be written back by {@link #update} within the same flush; null
   * if never seen.
   */
  EntityState get(String entity) throws Exception {
    context.setCurrentKey(entity);
    return hot.value();
  }

  /** Writes a hot value back. */
  void update(String entity, EntityState state) throws Exception {
    context.setCurrentKey(entity);
    hot.update(state);
  }

  /** The ring of an entity. */
  Slots<Reading> ring(String entity) {
    return new KeyedSlots<>(context, ring, entity);
  }

  /** The pending forecasts of an entity. */
  Slots<Forecast> pending(String entity) {
    return new KeyedSlots<>(context, pending, entity);
  }

  /**
   * Puts an event among its entity's delayed ones and takes out, in order, what need not wait
   * longer.
   */
  List<Parsed.Event> delay(Parsed.Event event, long maxDelay) throws Exception {
    context.setCurrentKey(event.entity());
    DelayedEvents events = delayed.value();
    if (events == null) {
      events = new DelayedEvents();
    }
    events.add(event);
    List<Parsed.Event> released = events.release(maxDelay);
    delayed.update(events);
    return released;
  }

  /** Takes out all delayed events of all entities, each entity's in order. */
  List<Parsed.Event> releaseAll(KeyedStateBackend<String> backend) throws Exception {
    List<String> entities;
    try (var keys = backend.getKeys(DELAYED.getName(), VoidNamespace.INSTANCE)) {
      entities = keys.toList();
    }
    List<Parsed.Event> released = new ArrayList<>();
    for (String entity : entities) {
      context.setCurrentKey(entity);
      released.addAll(delayed.value().releaseAll());
      delayed.clear();
    }
    return released;
  }

  /** How many entities there are; walks through all of them. */
  static long count(KeyedStateBackend<String> backend) {
    try (var keys = backend.getKeys(HOT.getName(), VoidNamespace.INSTANCE)) {
      return keys.count();
    }
  }
}
