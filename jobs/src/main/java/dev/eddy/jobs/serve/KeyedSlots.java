package dev.eddy.jobs.serve;

import dev.eddy.model.task.forecast.Slots;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * The slots of one entity as map state. Every access first names its key, because the forecaster
 * goes through a whole wave of entities between two calls.
 *
 * @param <T> what a slot holds
 */
final class KeyedSlots<T> implements Slots<T> {
  private final KeyContext context;
  private final MapState<Integer, T> state;
  private final String key;

  KeyedSlots(KeyContext context, MapState<Integer, T> state, String key) {
    this.context = context;
    this.state = state;
    this.key = key;
  }

  @Override
  public T get(int i) {
    try {
      context.setCurrentKey(key);
      return state.get(i);
    } catch (Exception e) {
      throw new IllegalStateException("cannot read slot %d of entity '%s'".formatted(i, key), e);
    }
  }

  @Override
  public void put(int i, T value) {
    try {
      context.setCurrentKey(key);
      if (value == null) {
        state.remove(i);
      } else {
        state.put(i, value);
      }
    } catch (Exception e) {
      throw new IllegalStateException("cannot write slot %d of entity '%s'".formatted(i, key), e);
    }
  }
}
