package dev.eddy.jobs.train;

import dev.eddy.jobs.config.PipelineConfig.Stragglers;
import dev.eddy.jobs.history.HistoryRange;
import dev.eddy.model.task.forecast.GateScore;
import dev.eddy.model.train.Progress;
import dev.eddy.model.train.RoundWork;
import dev.eddy.model.train.ShardUpdate;
import dev.eddy.model.train.TrainingSpec;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What is trained, from which data, and what becomes of it: the seam between the rounds, which
 * {@link AveragingEnumerator} and {@link ShardReader} keep going, and the task. Travels in the job
 * graph.
 */
interface TrainingRun extends Serializable {
  /** How to train. */
  TrainingSpec spec();

  /** How long shards are waited for. */
  Stragglers stragglers();

  /** Where the first round starts, {@code [n]}. Called off the enumerator's thread. */
  float[] initialWeights();

  /** Fixes what the run sees. May take long; called off the enumerator's thread. */
  HistoryRange resolve() throws Exception;

  /**
   * Loads the data of some shards. May take long; called on a reader's training thread, which is
   * interrupted where the data is no longer wanted.
   *
   * @param temporary directory for what has no room in memory
   */
  Shards load(HistoryRange range, List<Integer> shards, Path temporary) throws Exception;

  /**
   * The record that says what is known of the run before its first round.
   *
   * @param data what names the data
   * @param slots where the run takes place
   */
  TrainingRecord header(Map<String, String> data, List<RunHeader.Slot> slots);

  /**
   * The record that reports a step forward to whoever waits for the run.
   *
   * @param round the round that was completed by it; null for another kind of step
   */
  TrainingRecord report(TrainProgress progress, RoundReport round);

  /**
   * Decides whether to train once more on all data, after the gate and before the publication. May
   * take long; called off the enumerator's thread.
   *
   * @param outcome what training and gate gave
   * @return where the refit starts, {@code [n]}; null for none
   */
  float[] refit(Outcome outcome) throws Exception;

  /**
   * Decides about publication. May take long; called off the enumerator's thread.
   *
   * @param outcome what training, gate and refit gave
   * @return the records that end the run, in order: the model's and its pointer's if it is
   *     published, then the result's
   */
  List<TrainingRecord> conclude(Outcome outcome) throws Exception;

  /** The shards of one reader, their data loaded. Used by one thread. */
  interface Shards extends AutoCloseable {
    /** How much was loaded, for people. */
    String summary();

    /** What names the data: the same for every reader of a run, or they did not read the same. */
    Map<String, String> provenance();

    /** From now on rounds are the refit's, so many; what training alone needs may be let go. */
    void refit(int rounds);

    /** Does a shard's part of a round. */
    ShardUpdate train(int shard, RoundWork work);

    /**
     * Scores weights on a shard's part of the gate: those of a training beside the live model's,
     * those of a refit alone.
     */
    GateScore gate(Stage stage, int shard, float[] weights);

    /** What the data takes of {@code training.memory} now. Any thread may ask. */
    default long memoryBytes() {
      return 0;
    }

    /** What it takes on disk, for all readers in this process together. Any thread may ask. */
    default long diskBytes() {
      return 0;
    }

    /** Gives memory and disk back. */
    @Override
    default void close() {}
  }

  /**
   * What training, gate and refit gave.
   *
   * @param weights the best weights of training, {@code [n]}
   * @param progress where training ended
   * @param gate the gate's scores of them, all shards together
   * @param refit what the refit gave; null where there was none
   * @param data what names the data it was trained on
   * @param samplesPerSecond targets learned from per second of wall clock
   * @param dropped updates that came too late to count
   */
  record Outcome(
      float[] weights,
      Progress progress,
      GateScore gate,
      Refit refit,
      Map<String, String> data,
      double samplesPerSecond,
      long dropped) {}

  /**
   * What a refit gave.
   *
   * @param weights its weights, {@code [n]}
   * @param progress where it ended
   * @param gate their scores on the gate's stretch, which they have seen
   */
  record Refit(float[] weights, Progress progress, GateScore gate) {}
}
