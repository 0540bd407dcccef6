package dev.eddy.jobs.train;

import dev.eddy.model.task.forecast.GateScore;
import dev.eddy.model.train.ShardUpdate;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What enumerator and readers tell each other. Flink carries these by its RPC, whose messages are
 * Java-serialised by contract; none of them is ever state. Weights and moments go before them, as
 * {@link Parts}.
 */
final class Messages {
  private Messages() {}

  /**
   * To a reader: do this round for each of your shards, with the weights and moments that have
   * come.
   *
   * @param rounds of the stage, in which training ends
   * @param ages of each shard's moments, by shard
   */
  record TrainRound(Stage stage, int round, int rounds, Map<Integer, Long> ages)
      implements SourceEvent {}

  /** To a reader: score the weights that have come on the gate's stretch of each of your shards. */
  record ScoreGate(Stage stage) implements SourceEvent {}

  /** To the reader of shard 0: put these into the output, in this order. */
  record Emit(List<TrainingRecord> records) implements SourceEvent {}

  /**
   * To the enumerator: a reader has its data; how much, and what names it. The same from every
   * reader.
   *
   * @param kernels the arithmetic that the reader uses
   */
  record Loaded(String summary, Map<String, String> provenance, String kernels)
      implements SourceEvent {}

  /**
   * To the enumerator: the run is hopeless, and why. A message rather than a failing task: an event
   * on its way to a task that fails makes Flink report a lost event as the cause instead, and try
   * again.
   */
  record Hopeless(String why) implements SourceEvent {}

  /** To the enumerator: what a shard did in a round. Its weights and moments have come before. */
  record Trained(Stage stage, ShardUpdate update) implements SourceEvent {}

  /** To the enumerator: a shard's part of the gate. */
  record GateScored(Stage stage, int shard, GateScore score) implements SourceEvent {}
}
