/**
 * What flows through a network: batches of sequences, time-major, in bundles of named parts with
 * lengths and a mask.
 *
 * <pre>
 * Bundle { "x": FloatSeq [T][B][F], "series": FloatSeq [T][B][3], lengths [B], mask [T][B] }
 * </pre>
 */
package dev.eddy.model.seq;
