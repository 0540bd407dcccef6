package dev.eddy.model.task.forecast;

import java.util.Arrays;

/**
 * What the network's output says in the target's own unit: {@code y = mean + std * z} in double
 * precision, and each step's quantiles in ascending order (Chernozhukov, Fernandez-Val and Galichon
 * 2010: rearranged quantiles are never worse).
 */
final class ForecastDecoder {
  private ForecastDecoder() {}

  /**
   * Decodes one step's output.
   *
   * @param output {@code [H][Q]} in scaled units from {@code outputAt}. Not modified
   * @param into {@code [H][Q]} in the target's unit, from 0. Modified
   */
  static void decode(
      ForecastSpec spec, float[] output, int outputAt, double mean, double std, float[] into) {
    int width = spec.outputWidth();
    int levels = width / spec.horizon();
    for (int i = 0; i < width; i++) {
      into[i] = (float) (mean + std * output[outputAt + i]);
    }
    for (int from = 0; from < width && levels > 1; from += levels) {
      Arrays.sort(into, from, from + levels);
    }
  }
}
