package dev.eddy.model.eval;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.task.forecast.Forecast;
import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.task.forecast.ForecastState;
import dev.eddy.model.task.forecast.Forecaster;
import dev.eddy.model.task.forecast.Reading;
import dev.eddy.model.task.forecast.Slots;
import java.util.ArrayList;
import java.util.List;

/**
 * A model run over a whole history as it serves: all entities' readings in order of time, states
 * carried through.
 */
final class StreamedModel {
  /** Hears of forecasts. */
  @FunctionalInterface
  interface Listener {
    /**
     * One forecast.
     *
     * @param entity whose
     * @param origin row of the reading it was made at; where a row has several readings, the last
     *     one's forecast counts
     * @param quantiles {@code [H][Q]} in the target's unit
     */
    void forecast(int entity, int origin, float[] quantiles);
  }

  private final ForecastSpec task;
  private final Grid grid;
  private final Forecaster forecaster;
  private final int[] next; // [entity] index of the next reading
  private final List<ForecastState> states = new ArrayList<>();
  private final List<Ring> rings = new ArrayList<>();

  StreamedModel(ForecastSpec task, Grid grid, Forecaster forecaster) {
    this.task = task;
    this.grid = grid;
    this.forecaster = forecaster;
    this.next = new int[grid.entities()];
    for (int e = 0; e < grid.entities(); e++) {
      states.add(forecaster.newState());
      rings.add(new Ring(task.ring()));
    }
  }

  /** Runs to the end of the grid. */
  void run(Listener listener) {
    Forecast[] latest = new Forecast[grid.entities()];
    for (int row = 0; row < grid.rows(); row++) {
      while (wave(row, latest)) {
        // Entities with several readings in one row take several steps.
      }
      for (int e = 0; e < latest.length; e++) {
        if (grid.known(e, row)) {
          listener.forecast(e, row, latest[e].quantiles());
        }
      }
    }
  }

  /** Applies the next reading of every entity that has one left in this row; whether any had. */
  private boolean wave(int row, Forecast[] latest) {
    List<Integer> who = new ArrayList<>();
    for (int e = 0; e < next.length; e++) {
      RawSeries series = grid.series(e);
      if (next[e] < series.length() && grid.row(task.slot(series.time(next[e]))) <= row) {
        who.add(e);
      }
    }
    int count = who.size();
    ForecastState[] batch = new ForecastState[count];
    Ring[] batchRings = new Ring[count];
    Reading[] readings = new Reading[count];
    Forecast[] forecasts = new Forecast[count];
    for (int i = 0; i < count; i++) {
      int e = who.get(i);
      RawSeries series = grid.series(e);
      batch[i] = states.get(e);
      batchRings[i] = rings.get(e);
      readings[i] = new Reading(series.time(next[e]), series.value(next[e]));
      next[e]++;
    }
    if (count > 0) {
      forecaster.step(count, batch, batchRings, readings, forecasts);
    }
    for (int i = 0; i < count; i++) {
      latest[who.get(i)] = forecasts[i];
    }
    return count > 0;
  }

  /** A ring in memory. */
  private static final class Ring implements Slots<Reading> {
    private final Reading[] slots;

    Ring(int length) {
      slots = new Reading[length];
    }

    @Override
    public Reading get(int i) {
      return slots[i];
    }

    @Override
    public void put(int i, Reading value) {
      slots[i] = value;
    }
  }
}
