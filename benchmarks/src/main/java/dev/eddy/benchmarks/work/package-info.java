/**
 * What is measured: one kind of work, done by several libraries behind one interface, in a process
 * of its own for each.
 *
 * <pre>
 * StepBenchmark, TrainBenchmark (JMH)
 *        | Contenders.named("eddy" | "onnxruntime" | ...)
 *        v
 *   Contender --> Stepper.step(x)      the same weights and inputs (LstmWeights, Batches),
 *             --> Learner.learn(i)     checked against ReferenceLstm before the clock runs
 *        |
 *      Probe: waits for its turn, measures one iteration, gives the turn back
 * </pre>
 *
 * <p>B entities or sequences, T steps, I inputs, H hidden units, L layers.
 */
package dev.eddy.benchmarks.work;
