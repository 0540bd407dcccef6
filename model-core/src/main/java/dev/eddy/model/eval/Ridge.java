package dev.eddy.model.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Ridge regression from a window to the next H values, one model for all entities, everything
 * relative to the window's last value. The moments of the longest window hold those of every
 * shorter one, so that trying another look-back or penalty costs one small solution.
 *
 * <pre>
 * x = [1, z(t-1) - z(t), z(t-2) - z(t), ...]   y = [z(t+1) - z(t), ..., z(t+H) - z(t)]
 * (X'X + penalty * I) W = X'Y                  the intercept is not penalised
 * </pre>
 */
final class Ridge {
  private final Grid grid;
  private final int horizon;
  private final int longest;
  private final double[][] xx; // [longest][longest], lower triangle
  private final double[][] xy; // [longest][H]

  /**
   * Sums up the moments of the training rows. A missing value of a window is stood in by the last
   * one before it, as when forecasting; windows whose targets are not all known are left out.
   *
   * @param longest the longest look-back that will be asked for
   * @param train rows to learn from
   */
  Ridge(Grid grid, int horizon, int longest, int train) {
    this.grid = grid;
    this.horizon = horizon;
    this.longest = longest;
    this.xx = new double[longest][longest];
    this.xy = new double[longest][horizon];
    double[] x = new double[longest];
    double[] y = new double[horizon];
    for (int e = 0; e < grid.entities(); e++) {
      for (int origin = longest - 1; origin + horizon < train; origin++) {
        if (targetsKnown(e, origin)) {
          window(e, origin, x);
          for (int h = 0; h < horizon; h++) {
            y[h] = grid.at(e, origin + 1 + h) - grid.at(e, origin);
          }
          add(x, y);
        }
      }
    }
  }

  private boolean targetsKnown(int e, int origin) {
    for (int row = origin; row <= origin + horizon; row++) {
      if (!grid.known(e, row)) {
        return false;
      }
    }
    return true;
  }

  private void add(double[] x, double[] y) {
    for (int i = 0; i < longest; i++) {
      double xi = x[i];
      double[] row = xx[i];
      for (int j = 0; j <= i; j++) {
        row[j] += xi * x[j];
      }
      double[] targets = xy[i];
      for (int h = 0; h < horizon; h++) {
        targets[h] += xi * y[h];
      }
    }
  }

  /** Fills in [1, differences from the last value, newest first]. x: Modified. */
  private void window(int e, int origin, double[] x) {
    double last = grid.held(e, origin);
    x[0] = 1;
    for (int i = 1; i < x.length; i++) {
      int row = origin - i;
      x[i] = row < 0 ? 0 : (grid.known(e, row) ? grid.at(e, row) : grid.held(e, row)) - last;
    }
  }

  /**
   * The solution for a look-back and a penalty.
   *
   * @throws IllegalArgumentException if there was no window to learn from
   */
  PointForecast solve(int lookback, double penalty) {
    DMatrixRMaj a = new DMatrixRMaj(lookback, lookback);
    DMatrixRMaj b = new DMatrixRMaj(lookback, horizon);
    for (int i = 0; i < lookback; i++) {
      for (int j = 0; j <= i; j++) {
        a.set(i, j, xx[i][j]);
        a.set(j, i, xx[i][j]);
      }
      if (i > 0) {
        a.add(i, i, penalty);
      }
      for (int h = 0; h < horizon; h++) {
        b.set(i, h, xy[i][h]);
      }
    }
    DMatrixRMaj w = new DMatrixRMaj(lookback, horizon);
    if (!(xx[0][0] > 0) || !CommonOps_DDRM.solve(a, b, w)) {
      throw new IllegalArgumentException(
          "ridge: nowhere in the training rows do %d known values follow a window of %d"
              .formatted(horizon, longest));
    }
    double[] x = new double[lookback];
    return (entity, origin, into) -> {
      window(entity, origin, x);
      Arrays.fill(into, grid.held(entity, origin));
      for (int i = 0; i < x.length; i++) {
        for (int h = 0; h < into.length; h++) {
          into[h] += x[i] * w.data[i * horizon + h];
        }
      }
    };
  }

  /** Which look-backs to try: a few times the season, as far as the training rows allow. */
  static List<Integer> lookbacks(int season, int train) {
    List<Integer> lookbacks = new ArrayList<>();
    for (int times : new int[] {1, 2, 4, 7, 14}) {
      int lookback = Math.max(2, times * season);
      if (lookback <= train / 4 && lookback <= 1024 && !lookbacks.contains(lookback)) {
        lookbacks.add(lookback);
      }
    }
    return lookbacks.isEmpty() ? List.of(2) : lookbacks;
  }
}
