/**
 * Runs the benchmarks side by side on a machine that others use too.
 *
 * <pre>
 * Row (work, contenders, bars) --> Sitting: a Worker (process) for each contender, all alive at once
 *                                    round 1: eddy, portable, peak, onnxruntime, djl, dl4j
 *                                    round 2: portable, peak, onnxruntime, djl, dl4j, eddy
 *                                    ...      30 ms each, one after another, never together
 *   sittings (fresh processes) --> Outcome: medians; the median of the rounds' ratios
 *                                    --> TextTable, Report (JSON)
 * </pre>
 *
 * <p>A neighbour who takes the core for a second thus harms all contenders alike, and a compiler
 * that had a bad day spoils one sitting only.
 */
package dev.eddy.benchmarks.run;
