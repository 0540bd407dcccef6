package dev.eddy.jobs.train;

/**
 * Wall clock of the rounds, for people to look at; no result depends on it. Read by the metric
 * reporter's thread too.
 */
final class Stopwatch {
  private long lapStart;
  private long nanos;
  private long samples;
  private int laps;
  private double lastRate = Double.NaN;

  /** A training's first round begins. */
  synchronized void start() {
    lapStart = System.nanoTime();
  }

  /** A round has ended, and the next begins. */
  synchronized void lap(long learned) {
    long now = System.nanoTime();
    long took = Math.max(1, now - lapStart);
    lapStart = now;
    nanos += took;
    samples += learned;
    laps++;
    if (learned > 0) { // the last round only scores
      lastRate = learned * 1e9 / took;
    }
  }

  /** Samples per second in the last round that learned; NaN before. */
  synchronized double lastRate() {
    return lastRate;
  }

  /** Samples per second over all rounds; NaN before the first has ended. */
  synchronized double meanRate() {
    return laps == 0 ? Double.NaN : samples * 1e9 / nanos;
  }

  /** How long so many more rounds will take; NaN before the first has ended. */
  synchronized double secondsFor(int rounds) {
    return laps == 0 ? Double.NaN : rounds * (nanos * 1e-9 / laps);
  }
}
