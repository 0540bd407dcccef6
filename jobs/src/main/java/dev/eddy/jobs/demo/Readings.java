package dev.eddy.jobs.demo;

import java.util.List;

/**
 * Where the demo's records come from: a history to train on, then a live part whose readings are
 * all later than the history. Read by one thread, the history first.
 */
interface Readings {
  /** The entities, in the order in which they are listed. */
  List<String> entities();

  /** The next record of the history; null at its end, and from then on. */
  Outgoing nextHistory();

  /** The next live record; null at the end of a file. Only after the history's end. */
  Outgoing nextLive();

  /**
   * Event time at which the live part begins, epoch milliseconds: every history reading is before
   * it.
   */
  long liveStart();

  /** Live records still to come; Long.MAX_VALUE where there is no end. */
  long remaining();
}
