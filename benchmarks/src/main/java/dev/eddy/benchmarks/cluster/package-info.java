/**
 * The whole training job, measured: Flink and Kafka in this process, the coordinator, its messages
 * and the training itself.
 *
 * <pre>
 *   {@link dev.eddy.benchmarks.cluster.ClusterCommand}   samples per second over slots, beside threads without Flink and pure kernels
 *     with --peers                                      ... beside other libraries on the same data, and the time to the same loss
 *   {@link dev.eddy.benchmarks.cluster.RoundCommand}     what a round costs without any training, and a model of it
 * </pre>
 */
package dev.eddy.benchmarks.cluster;
