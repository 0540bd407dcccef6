package dev.eddy.jobs.train;

import dev.eddy.jobs.history.HistoryRange;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A shard as Flink sees it: a virtual worker that some reader runs.
 *
 * @param shard which shard: 0, 1, ...
 * @param range the records its data is cut from, the same for all shards of a run; null for all but
 *     the first of those that go to a reader together, in one message
 */
record ShardSplit(int shard, HistoryRange range) implements SourceSplit {
  @Override
  public String splitId() {
    return "shard-" + shard;
  }
}
