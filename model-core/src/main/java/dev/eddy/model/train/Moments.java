package dev.eddy.model.train;

/** What becomes of the optimiser's moments where shards are averaged. */
public enum Moments {
  /** They are averaged like the weights, by samples. */
  AVERAGE,

  /**
   * Each shard goes on with its own (as in DiLoCo, Douillard et al. 2023). They travel
   * nevertheless: the coordinator keeps them for each shard, so that a shard that is done elsewhere
   * after a failure gives the same bits.
   */
  CARRY,

  /**
   * Every round begins with fresh ones. Nothing but weights travels, with Adam a third of the
   * bytes.
   */
  RESET
}
