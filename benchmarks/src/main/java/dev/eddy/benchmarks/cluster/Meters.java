package dev.eddy.benchmarks.cluster;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.kernel.Rng;
import java.util.ArrayList;
import java.util.List;

/**
 * The generated history that everybody trains on: meters that read every hour, without gaps.
 *
 * <pre>level * (1 + day + week) * exp(weather + use)</pre>
 *
 * <p>with a level anywhere within three orders of magnitude, a daily and a weekly wave of the
 * meter's own phase and height, a weather that all meters share, and a use of its own; both change
 * over hours and days, so that neither yesterday nor last week is the best forecast.
 *
 * @param entities how many meters
 * @param hours of each
 * @param seed everything follows from it
 */
record Meters(int entities, int hours, long seed) {
  /** Milliseconds between two readings. */
  static final long HOUR = 3_600_000L;

  /** One series for each meter. */
  List<RawSeries> series() {
    double[] weather = slow(Rng.of(seed, 1, 0), 0.99, 0.02);
    List<RawSeries> all = new ArrayList<>();
    for (int entity = 0; entity < entities; entity++) {
      all.add(series(String.format("meter-%04d", entity), Rng.of(seed, 2, entity), weather));
    }
    return all;
  }

  private RawSeries series(String name, Rng rng, double[] weather) {
    double level = StrictMath.pow(10, 3 * rng.nextDouble() - 0.5);
    double day = 0.2 + 0.5 * rng.nextDouble();
    double week = 0.2 * rng.nextDouble();
    int phase = rng.nextInt(168);
    double[] use = slow(rng, 0.8, 0.05);
    long[] times = new long[hours];
    double[] values = new double[hours];
    for (int hour = 0; hour < hours; hour++) {
      double turn = 2 * StrictMath.PI * (hour + phase);
      double wave = 1 + day * StrictMath.sin(turn / 24) + week * StrictMath.sin(turn / 168);
      times[hour] = hour * HOUR;
      values[hour] = level * wave * StrictMath.exp(weather[hour] + use[hour]);
    }
    return new RawSeries(name, times, values);
  }

  /** A walk that forgets: each value keeps this share of the one before it. */
  private double[] slow(Rng rng, double keep, double noise) {
    double[] walk = new double[hours];
    for (int hour = 1; hour < hours; hour++) {
      walk[hour] = keep * walk[hour - 1] + noise * rng.nextGaussian();
    }
    return walk;
  }
}
