package dev.eddy.jobs.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where values lie on one side of a chart.
 *
 * @param low value at 0
 * @param high value at 1
 * @param logarithmic whether equal ratios take equal room
 * @param ticks values to be named, ascending
 */
record Axis(double low, double high, boolean logarithmic, List<Double> ticks) {
  private static final int TICKS = 5;
  private static final int COUNTS = 10;

  /** Beyond this ratio the small values would lie flat on the ground. */
  private static final double WIDE = 20;

  /** For values between two: logarithmic where they span much and are positive. */
  static Axis spanning(double min, double max) {
    if (min > 0 && max / min > WIDE) {
      return logarithmic(min, max);
    }
    double pad = max > min ? (max - min) / 20 : Math.max(Math.abs(max), 1) / 10;
    return linear(min - pad, max + pad, nice((max - min + 2 * pad) / TICKS));
  }

  /** From nothing to a value. */
  static Axis upTo(double max) {
    double high = max > 0 ? max * 1.04 : 1;
    return linear(0, high, nice(high / TICKS));
  }

  /** Whole numbers, from the first to the last. */
  static Axis counting(double first, double last) {
    double end = Math.max(last, first + 1);
    return linear(first, end, Math.max(1, nice((end - first) / COUNTS)));
  }

  private static Axis linear(double low, double high, double step) {
    List<Double> ticks = new ArrayList<>();
    for (double k = Math.ceil(low / step); k * step <= high; k++) {
      ticks.add(k * step);
    }
    return new Axis(low, high, false, ticks);
  }

  private static Axis logarithmic(double min, double max) {
    List<Double> ticks = new ArrayList<>();
    double decades = StrictMath.log10(max / min);
    int[] each = decades > 3 ? new int[] {1} : new int[] {1, 2, 5};
    for (double k = Math.floor(StrictMath.log10(min)); k <= StrictMath.log10(max); k++) {
      for (int digit : each) {
        double tick = digit * StrictMath.pow(10, k);
        if (tick >= min && tick <= max) {
          ticks.add(tick);
        }
      }
    }
    return new Axis(min / 1.1, max * 1.1, true, ticks);
  }

  /** The next round number that is not smaller: 1, 2 or 5 with zeros. */
  private static double nice(double step) {
    double unit = StrictMath.pow(10, Math.floor(StrictMath.log10(step)));
    for (int digit : new int[] {1, 2, 5}) {
      if (digit * unit >= step) {
        return digit * unit;
      }
    }
    return 10 * unit;
  }

  /** Where a value lies, 0 to 1. */
  double at(double value) {
    double share =
        logarithmic
            ? StrictMath.log(value / low) / StrictMath.log(high / low)
            : (value - low) / (high - low);
    return Math.min(1, Math.max(0, share));
  }
}
