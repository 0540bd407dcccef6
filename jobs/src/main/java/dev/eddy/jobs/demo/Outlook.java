package dev.eddy.jobs.demo;

/**
 * A prediction as the demo reads it back: what matters of it.
 *
 * @param entity the entity
 * @param origin event time it was made at, epoch milliseconds
 * @param warmup whether it is marked as warm-up
 * @param version version of the weights that made it
 * @param swapEpoch swap epoch of the weights that made it
 * @param bands {@code [H][3]} row-major: lowest quantile, median, highest quantile
 */
record Outlook(
    String entity, long origin, boolean warmup, int version, long swapEpoch, float[] bands) {

  /** Steps ahead. */
  int horizon() {
    return bands.length / 3;
  }

  float low(int h) {
    return bands[3 * h];
  }

  float median(int h) {
    return bands[3 * h + 1];
  }

  float high(int h) {
    return bands[3 * h + 2];
  }
}
