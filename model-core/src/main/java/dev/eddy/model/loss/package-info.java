/**
 * How wrong an output is, and the derivative that learning starts from.
 *
 * <pre>
 * output [T][B][H*Q] --+
 *                      +--> Loss --> sum and count of the known targets
 * target [T][B][H]   --+         +-> dOutput [T][B][H*Q] = d(sum / count) / d(output)
 * </pre>
 *
 * <p>A target that is NaN is not known: it adds neither loss nor gradient. Letters: T steps, B
 * sequences, H targets in a step (the horizon), Q values per target (the quantiles).
 */
package dev.eddy.model.loss;
