package dev.eddy.benchmarks.run;

/**
 * How long everything is measured.
 *
 * @param sittings how often all processes are started afresh
 * @param warmups iterations of each before the clock counts
 * @param warmupMillis how long each of these
 * @param rounds iterations that count
 * @param roundMillis how long each of these
 */
public record Plan(int sittings, int warmups, int warmupMillis, int rounds, int roundMillis) {
  /** For a kind of work. */
  public static Plan of(String kind, boolean quick) {
    if (kind.equals("step")) {
      return quick ? new Plan(1, 6, 100, 7, 30) : new Plan(2, 15, 100, 15, 30);
    }
    return quick ? new Plan(1, 5, 300, 5, 150) : new Plan(2, 10, 300, 9, 200);
  }
}
