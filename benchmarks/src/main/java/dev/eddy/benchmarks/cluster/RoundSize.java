package dev.eddy.benchmarks.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * How much one round averages.
 *
 * @param megabytes of one message: 1 MB is 250,000 floats
 * @param slots messages that hand out a round
 * @param shards messages that come back
 */
record RoundSize(double megabytes, int slots, int shards) {
  /** What the job's memory in this process allows for one round's messages, with all copies. */
  private static final double LIMIT_MEGABYTES = 100;

  private static final double[] MESSAGES = {0.05, 0.2, 1, 4};
  private static final int[] SHARDS = {1, 4, 16, 64};

  /** Floats in a message. */
  int floats() {
    return (int) Math.round(megabytes * 250_000);
  }

  /** Whether the model is fitted to it, or checked against it. */
  boolean fitted() {
    return megabytes != 1 && shards < 64;
  }

  /** How many rounds are worth measuring: fewer where they are long. */
  int rounds(boolean quick) {
    double each = megabytes * (slots + shards);
    int most = quick ? 12 : 40;
    return (int) Math.max(6, Math.min(most, (quick ? 100 : 600) / each));
  }

  /** All sizes that are measured with so many slots, small ones first. */
  static List<RoundSize> grid(List<Integer> slots) {
    List<RoundSize> all = new ArrayList<>();
    for (double megabytes : MESSAGES) {
      for (int count : slots) {
        for (int shards : SHARDS) {
          if (shards >= count && megabytes * shards <= LIMIT_MEGABYTES) {
            all.add(new RoundSize(megabytes, count, shards));
          }
        }
      }
    }
    return all;
  }
}
