package dev.eddy.jobs.train;

import java.util.List;

/**
 * One completed round, for the report of a run: what it taught and where its time went.
 *
 * @param stage which training it belongs to: {@code train}, or {@code refit} on all data
 * @param round rounds completed in that stage, this one included
 * @param loss mean training loss over the shards, by samples; NaN in a round that only scores
 * @param validationLoss of the weights that the round started from; NaN where nothing is held out
 * @param samples target steps learned from
 * @param seconds wall clock on the averaging side, from handing out the weights to having the new
 * @param slots where the slots' time went, by slot; of more than {@link #MOST}, the slowest
 * @param shards what each shard did, by shard; those dropped are missing; of more than {@link
 *     #MOST}, the slowest
 * @param dropped shards that came too late to count; empty unless {@code training.stragglers} is
 *     {@code drop}
 */
public record RoundReport(
    String stage,
    int round,
    double loss,
    double validationLoss,
    long samples,
    double seconds,
    List<Slot> slots,
    List<Shard> shards,
    List<Integer> dropped) {
  /** Slots and shards that are listed: a report is one record of a topic. */
  static final int MOST = 1000;

  /**
   * One slot's part of a round, in seconds; the three add up to the round.
   *
   * @param slot index of the reader
   * @param compute its shards' training and scoring
   * @param transfer messages to and from it, and the averaging of what it sent
   * @param idle from its last update to the end of the round, because others were slower; in the
   *     first round, until it had its data too
   */
  public record Slot(int slot, double compute, double transfer, double idle) {}

  /**
   * One shard's part of a round.
   *
   * @param shard which shard
   * @param slot the reader that it was placed on
   * @param samples target steps learned from
   * @param loss mean training loss; NaN where it learned from nothing
   * @param seconds of computing
   */
  public record Shard(int shard, int slot, long samples, double loss, double seconds) {}
}
