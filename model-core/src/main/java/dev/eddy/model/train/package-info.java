/**
 * Training: by one process ({@link dev.eddy.model.train.Fit}), and by averaging the parameters of
 * many. Both make their steps by {@link dev.eddy.model.train.TrainingStep}.
 *
 * <pre>
 * Examples, Spans --> Batches --> TrainingStep --> weights --> Evaluator --> best weights, History
 *                        ^             ^                           |
 *                        +-- FitState (epoch, batch, moments, ..) -+--> FitCheckpoint
 * </pre>
 *
 * <p>Training by parameter averaging, as two halves that know nothing of where they run.
 *
 * <pre>
 *                    RoundWork(round, weights, moments, age)
 *   RoundCoordinator ----------------------------------> ShardTrainer 0, 1, ... (pure functions)
 *     fold, average, <----------------------------------   local steps of truncated BPTT,
 *     best, patience          ShardUpdate                  score of the round's weights
 * </pre>
 *
 * <p>A {@link dev.eddy.model.train.ShardTrainer} turns a round's weights and moments into an update
 * that follows from these, shard and seed alone. The {@link dev.eddy.model.train.RoundCoordinator}
 * folds the updates in shard order whatever the order in which they arrive; {@link
 * dev.eddy.model.train.Averaging} says when, what becomes of the moments, and how the weights
 * follow the average. Hence the same bits from a Flink job at any parallelism, through any failure,
 * and from {@link dev.eddy.model.train.LocalTraining} with any number of threads.
 *
 * <p>Round r trains for r = 0 .. rounds - 1. Every round also scores the weights it <em>starts</em>
 * from, so one more round, number {@code rounds}, only scores what the last one made.
 *
 * <p>Letters: T steps of a chunk, B rows of a batch, n weights.
 */
package dev.eddy.model.train;
