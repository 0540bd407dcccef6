/**
 * {@code eddy demo}: everything Eddy does, in one process, with the accounts kept from outside.
 * Broker and cluster are real; the demo itself is only a producer, a consumer and somebody who
 * watches, so that what it reports is what any client of the topics could have found out.
 *
 * <pre>
 *  MeterSimulator | FileReplay
 *        | history, then live
 *     Feeder ----------> events topic ----> TrainJob, once before the stream and again beside it
 *        |                    |                 | models topic
 *        |                    +----------> ForecastJob
 *        |                                      | predictions, scores, late, dead letters
 *        | what was sent,                   OutputReader (read_committed)
 *        | at which offset                      |
 *        +-----> Ledger  (lost, duplicated) <---+
 *        +-----> LiveSkill (MASE, coverage) <---+
 *                    |
 *            View while it runs, DemoReport and Picture at the end
 * </pre>
 */
package dev.eddy.jobs.demo;
