package dev.eddy.model.task.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.data.RawSeries;
import java.lang.reflect.Field;

/** One entity under a forecaster: state, ring and pending forecasts. */
final class Entity {
  final ForecastState state;
  final Slots<Reading> ring;
  final Slots<Forecast> pending;

  Entity(ForecastSpec spec, Forecaster forecaster) {
    state = forecaster.newState();
    ring = Fixtures.slots(spec.ring());
    pending = Fixtures.slots(spec.horizon());
  }

  /** Steps one reading alone. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  Forecast step(Forecaster forecaster, Reading reading) {
    Forecast[] out = new Forecast[1];
    forecaster.step(
        1, new ForecastState[] {state}, new Slots[] {ring}, new Reading[] {reading}, out);
    return out[0];
  }

  /** Steps readings [from, to) of a series one by one; the last forecast. */
  Forecast run(Forecaster forecaster, RawSeries series, int from, int to) {
    Forecast last = null;
    for (int t = from; t < to; t++) {
      last = step(forecaster, new Reading(series.time(t), series.value(t)));
    }
    return last;
  }

  /** Fails unless every field of this state is the other's, to the bit. */
  void hasTheBitsOf(Entity other) {
    for (Field field : ForecastState.class.getFields()) {
      try {
        Object[] mine = {field.get(state)};
        Object[] theirs = {field.get(other.state)};
        assertThat(java.util.Arrays.deepEquals(mine, theirs)).as(field.getName()).isTrue();
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
  }
}
