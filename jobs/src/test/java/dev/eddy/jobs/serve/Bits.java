package dev.eddy.jobs.serve;

import dev.eddy.jobs.io.LiveScore;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.model.task.forecast.Forecast;
import dev.eddy.model.task.forecast.Score;
import java.util.Arrays;

/** Outputs as text that is equal only where every bit is. */
public final class Bits {
  private Bits() {}

  /** A forecast by its bits, so that comparing strings compares every float exactly. */
  public static String of(Prediction prediction) {
    Forecast f = prediction.forecast();
    int[] bits = new int[f.quantiles().length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(f.quantiles()[i]));
    return "%s %s v%d e%d step %d at %d%s %s"
        .formatted(
            prediction.entity(),
            prediction.input(),
            f.modelVersion(),
            f.swapEpoch(),
            f.step(),
            f.origin(),
            f.warmup() ? " warmup" : "",
            Arrays.toString(bits));
  }

  /** A score by its bits. */
  public static String of(LiveScore live) {
    Score s = live.score();
    long[] season = new long[s.seasonMae().length];
    Arrays.setAll(season, i -> Double.doubleToRawLongBits(s.seasonMae()[i]));
    return "%s %d %d %b v%d %d %x %x %s %x %x"
        .formatted(
            live.entity(),
            live.time(),
            s.origin(),
            s.warmup(),
            s.modelVersion(),
            s.count(),
            Double.doubleToRawLongBits(s.mae()),
            Double.doubleToRawLongBits(s.lastMae()),
            Arrays.toString(season),
            Double.doubleToRawLongBits(s.covered()),
            Double.doubleToRawLongBits(s.pinball()));
  }
}
