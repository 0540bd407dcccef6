package dev.eddy.jobs.demo;

/** How long nothing has come out of the job although something was due. */
final class Stall {
  private long settled = -1;
  private long since;

  /**
   * Looks at the accounts.
   *
   * @param settledNow records that an output has named so far
   * @param open records that none has named
   * @param nanoTime now, System.nanoTime
   * @return seconds since an output came or nothing was due, as far as looking has shown
   */
  double seconds(long settledNow, long open, long nanoTime) {
    if (open == 0 || settledNow != settled) {
      settled = settledNow;
      since = nanoTime;
    }
    return (nanoTime - since) / 1e9;
  }
}
