/**
 * The step operator: events of many entities in, one batched step of the network, predictions out.
 * All of Eddy's use of Flink's internal operator API is here
 * (docs/decisions/0002-step-operator.md).
 *
 * <pre>
 *   events by entity --> [late? delayed?] --> MicroBatch --flush--> waves --> gather --> Forecaster.step --> scatter
 *                                                                     |        ^  keyed state (Entities)  v      |
 *                                                                     |        +--------------------------+      |
 *   models, broadcast ------ flush, then ------> LiveModel ----------------------- weights ---------^            |
 *                                                                     v                                          v
 *                                                                   late                       predictions, scores
 * </pre>
 *
 * <p>The rules that make committed output a function of each entity's events and the recorded swaps
 * alone:
 *
 * <ul>
 *   <li>which events are applied, and in what order, follows from keyed state and (time, partition,
 *       offset) only;
 *   <li>a wave holds one event per entity at most, and the next wave sees what the last one wrote;
 *   <li>nothing is buffered across a barrier, a watermark or a change of model;
 *   <li>no timer and no clock decides anything that shows in the output.
 * </ul>
 */
package dev.eddy.jobs.serve;
