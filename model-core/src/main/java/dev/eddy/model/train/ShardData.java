package dev.eddy.model.train;

import java.util.List;

/**
 * The data of one virtual worker. Either list may be empty: a shard without data takes part with
 * nothing to say.
 *
 * @param shard which shard: 0, 1, ...
 * @param train what it learns from; the order is part of the result
 * @param validation what it scores every round's weights on
 */
public record ShardData(int shard, List<Stretch> train, List<Stretch> validation) {

  /** Keeps copies without the empty stretches. */
  public ShardData {
    train = train.stream().filter(stretch -> stretch.length() > 0).toList();
    validation = validation.stream().filter(stretch -> stretch.length() > 0).toList();
  }
}
