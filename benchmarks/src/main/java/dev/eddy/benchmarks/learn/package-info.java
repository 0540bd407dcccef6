/**
 * Experiments that show that networks learn, not only that their gradients are right.
 *
 * <pre>
 * data --> Examples --> Fit (train, validation) --> best weights --> test part, scored once
 * </pre>
 */
package dev.eddy.benchmarks.learn;
