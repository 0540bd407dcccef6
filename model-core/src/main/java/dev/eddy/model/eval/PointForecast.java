package dev.eddy.model.eval;

import java.util.Arrays;

/** A method that forecasts the rows after an origin from those up to it. */
@FunctionalInterface
interface PointForecast {
  /**
   * Forecasts.
   *
   * @param entity whose
   * @param origin the last row that may be looked at
   * @param into becomes the z-scored forecast of rows origin + 1, origin + 2, ... Modified
   */
  void forecast(int entity, int origin, double[] into);

  /** The last value, held. */
  static PointForecast last(Grid grid) {
    return (entity, origin, into) -> Arrays.fill(into, grid.held(entity, origin));
  }

  /** The value whole seasons before, the newest such; where that is missing, the last value. */
  static PointForecast seasonal(Grid grid, int season) {
    return (entity, origin, into) -> {
      for (int h = 0; h < into.length; h++) {
        int row = origin - season + 1 + h % season;
        boolean known = row >= 0 && grid.known(entity, row);
        into[h] = known ? grid.at(entity, row) : grid.held(entity, origin);
      }
    };
  }
}
