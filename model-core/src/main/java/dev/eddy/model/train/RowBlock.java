package dev.eddy.model.train;

import dev.eddy.model.seq.Bundle;

/**
 * Some rows of a batch: what one thread works on. A batch is a list of blocks, and how it is cut is
 * part of the result; which thread takes which block is not.
 *
 * @param inputs {@code [T][B][...]} for the B rows of this block. Not modified
 * @param targets {@code [T'][B][...]}, mostly T' steps of the network's output; NaN, or an id below
 *     0, where not known. Not modified
 * @param states {@code [B][stateSize]} before step 0, overwritten by those after the last step;
 *     rows that start get their network's initial state instead. Modified
 */
public record RowBlock(Bundle inputs, Bundle targets, float[] states) {}
