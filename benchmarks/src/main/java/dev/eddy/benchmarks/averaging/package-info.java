/**
 * What averaging costs in quality, and what it saves in communication: {@link
 * dev.eddy.benchmarks.averaging.AveragingCommand}, behind {@code ./eddy bench averaging}.
 *
 * <pre>
 *   Series (ETTh1, simulated meters) --> ForecastTraining --> LocalTraining, one run for each
 *                                                             Variant and seed --> Comparison
 * </pre>
 */
package dev.eddy.benchmarks.averaging;
