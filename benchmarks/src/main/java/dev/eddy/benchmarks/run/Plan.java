package dev.eddy.benchmarks.run;

/**
 * How long everything is measured.
 *
 * @param sittings how often all processes are started afresh
 * @param warmups iterations of each in turns before the clock counts; all were warm before
 * @param warmupMillis how long each of these
 * @param rounds iterations that count
 * @param roundMillis how long each of these
 */
public record Plan(int sittings, int warmups, int warmupMillis, int rounds, int roundMillis) {
  /** For a kind of work. */
  public static Plan of(String kind, boolean quick) {
    if (kind.equals("step")) {
      return quick ? new Plan(1, 3, 30, 7, 30) : new Plan(2, 5, 30, 15, 30);
    }
    return quick ? new Plan(1, 1, 150, 5, 150) : new Plan(2, 2, 200, 9, 200);
  }
}
