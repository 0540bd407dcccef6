/**
 * The past of a pipeline: what a training run reads once and then keeps as compact series.
 *
 * <p>{@link dev.eddy.jobs.history.History} fixes a range (so that a restarted run sees the same
 * records) and loads it: from the events topic, or from files. What serving would call a bad record
 * is counted, what serving would find late is left out.
 *
 * <pre>
 * Kafka, files --Parsed--> HistoryBuilder --Arrivals--> SeriesBuilder --> StoredHistory
 *                                                      (training.memory)   | | one for each process
 *                                         slot 0: LoadedHistory <----------+ |  (SharedHistories)
 *                                         slot 1: LoadedHistory <------------+
 * </pre>
 */
package dev.eddy.jobs.history;
