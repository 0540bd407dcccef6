package dev.eddy.jobs.report;

/**
 * One shard over the whole run.
 *
 * @param shard which one
 * @param slot where it was last
 * @param samples target steps learned from
 * @param firstLoss training loss of its first round; NaN where it never learned
 * @param lastLoss training loss of its last round
 * @param seconds of computing
 * @param dropped rounds that it was too late for
 */
record ShardTotal(
    int shard,
    int slot,
    long samples,
    double firstLoss,
    double lastLoss,
    double seconds,
    int dropped) {
  static ShardTotal none(int shard) {
    return new ShardTotal(shard, -1, 0, Double.NaN, Double.NaN, 0, 0);
  }

  ShardTotal plus(int at, long learned, double loss, double took) {
    return new ShardTotal(
        shard,
        at,
        samples + learned,
        Double.isNaN(firstLoss) ? loss : firstLoss,
        Double.isNaN(loss) ? lastLoss : loss,
        seconds + (Double.isFinite(took) ? took : 0),
        dropped);
  }

  ShardTotal missed() {
    return new ShardTotal(shard, slot, samples, firstLoss, lastLoss, seconds, dropped + 1);
  }
}
