/**
 * A network: one layer (mostly a container of others) with the table of its flat weights.
 *
 * <pre>
 * weights float[weightCount]     states float[B][stateSize]
 *         \                       /  ^
 *          Network.forward(input)    | overwritten: serving keeps one row per entity
 *                  |
 *              output [T][B][outputWidth]
 * </pre>
 *
 * <p>{@link dev.eddy.model.net.Generator} reads a source and steps a decoder.
 */
package dev.eddy.model.net;
