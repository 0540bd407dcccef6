/**
 * How wrong an output is, and the derivative that learning starts from.
 *
 * <pre>
 * output bundle [T][B][width] --+
 *                               +--> Loss --> sum and count of the known targets
 * target bundle               --+         +-> dOutput [T][B][width] = d(sum / count) / d(output)
 *
 * StepLoss   floats beside every step     [T][B][H]
 * ClassLoss  the right class of a step    ids [T][B]
 * others     whole sequences              ids [T][B] (crf), ids [L][B] with lengths (ctc)
 * </pre>
 *
 * <p>What is not known or not real adds neither loss nor gradient. A loss is a record and its own
 * specification; it has no weights. Letters: T steps, B sequences, H targets in a step (the
 * horizon), Q values per target (the quantiles), C classes or candidates, K labels, L ids in a
 * label. Equations and derivations: docs/losses.md.
 */
package dev.eddy.model.loss;
