package dev.eddy.model.task.forecast;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import java.util.ArrayList;
import java.util.List;

/** Small tasks and series for tests. */
public final class Fixtures {
  /** Length of a step in all of them. */
  public static final long STEP = 60_000;

  private Fixtures() {}

  /** A small task with an LSTM of 5 units and a linear skip path. */
  public static ForecastSpec task() {
    return task(ForecastSpec.Skip.LINEAR, 40, List.of(new Lstm(5)));
  }

  /** The same with another skip path, ring and network. */
  public static ForecastSpec task(ForecastSpec.Skip skip, int ring, List<LayerSpec> network) {
    return new ForecastSpec(
        4, STEP, new double[] {0.1, 0.5, 0.9}, new int[] {6, 12}, skip, 12, 20, 8, ring, network);
  }

  /** A noisy season with gaps, missing values and readings of the same time. */
  public static RawSeries series(String entity, int length, long seed) {
    Rng random = new Rng(seed);
    RawSeries series = new RawSeries(entity);
    double level = 100 * random.nextDouble();
    long time = STEP * random.nextInt(50) + random.nextInt(1000);
    for (int t = 0; t < length; t++) {
      double season = StrictMath.sin(2 * StrictMath.PI * Math.floorDiv(time, STEP) / 6.0);
      double value = level + 10 * season + random.nextGaussian();
      series.add(time, random.nextInt(12) == 0 ? Double.NaN : value);
      int kind = random.nextInt(20);
      time += kind == 0 ? 0 : kind == 1 ? STEP * (1 + random.nextInt(30)) : STEP;
    }
    return series;
  }

  /** A ring in memory. */
  static <T> Slots<T> slots(int length) {
    List<T> slots = new ArrayList<>(java.util.Collections.nCopies(length, null));
    return new Slots<>() {
      @Override
      public T get(int i) {
        return slots.get(i);
      }

      @Override
      public void put(int i, T value) {
        slots.set(i, value);
      }
    };
  }
}
