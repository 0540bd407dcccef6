/**
 * Training on the cluster: a bounded Flink job whose source is the trainer.
 *
 * <p>The source's enumerator, on the JobManager, averages; its readers, one per slot, train; its
 * records are what the run publishes. A shard is a virtual worker: {@code training.shards} of them
 * are fixed for a run and placed on the readers there are, so results depend on shards and never on
 * slots.
 *
 * <pre>
 *   JobManager                                              slot 0, 1, ...
 *   AveragingEnumerator                                     ShardReader (mailbox | one training thread)
 *     resolve the range, once
 *     a reader registers  -- assignSplits(its shards, range) -->  | load the history, cut the shards
 *                         -- TrainRound(weights, moments) ----->  | local steps of every shard
 *                         <------------------------- Loaded ----  |
 *     RoundCoordinator    <-- Trained(weights, moments, ...) ---  | one per shard
 *       fold, average,    -- TrainRound ----------------------->  | ... until rounds or patience are exhausted
 *       best, patience    -- ScoreGate(best weights) ---------->  |
 *     sum in shard order  <-- GateScored(sums) ----------------   |
 *     [refit: rounds and a score once more, on all data]
 *     decide              -- Emit(manifest, pointer, result) -->  collect -> KafkaSink -> eddy.models
 *                         -- no more splits ------------------->  end of input    \-> [name].training
 * </pre>
 *
 * <p>Weights and moments go before the messages that are about them, in parts that fit Flink's
 * frames. The gate scores the live model beside the new one, by reference. Reports of each round go
 * out the same way as the model, into {@code <name>.training}.
 *
 * <p>A checkpoint holds completed rounds, whole scores and the range, nothing of a reader: a round
 * is a pure function of what the enumerator sends and the data, so whatever is done twice gives the
 * same bits and counts once. What is published is written at least once under a version and an
 * epoch that were fixed at submission, so a repetition writes the same records under the same keys.
 * See docs/decisions/0004-training-as-a-source.md.
 */
package dev.eddy.jobs.train;
