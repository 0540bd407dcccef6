package dev.eddy.jobs.train;

import dev.eddy.model.task.forecast.GateScore;
import dev.eddy.model.train.RoundWork;
import dev.eddy.model.train.ShardUpdate;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What enumerator and readers tell each other. Flink carries these by its RPC, whose messages are
 * Java-serialised by contract; none of them is ever state. The largest hold weights and moments,
 * three floats a weight: the job sees to it before the job starts that they fit.
 */
final class Messages {
  private Messages() {}

  /** To a reader: do this round for each of your shards. */
  record TrainRound(RoundWork work) implements SourceEvent {}

  /** To a reader: score these weights on the gate's stretch of each of your shards. */
  record ScoreGate(float[] weights) implements SourceEvent {}

  /** To the reader of shard 0: put these into the output, in this order. */
  record Emit(List<TrainingRecord> records) implements SourceEvent {}

  /**
   * To the enumerator: a reader has its data; how much, and what names it. The same from every
   * reader.
   */
  record Loaded(String summary, Map<String, String> provenance) implements SourceEvent {}

  /**
   * To the enumerator: the run is hopeless, and why. A message rather than a failing task: an event
   * on its way to a task that fails makes Flink report a lost event as the cause instead, and try
   * again.
   */
  record Hopeless(String why) implements SourceEvent {}

  /** To the enumerator: what a shard did in a round. */
  record Trained(ShardUpdate update) implements SourceEvent {}

  /** To the enumerator: a shard's part of the gate. */
  record GateScored(int shard, GateScore score) implements SourceEvent {}
}
