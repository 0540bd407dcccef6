package dev.eddy.model.train;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;

/**
 * Some rows of a batch: what one thread works on. A batch is a list of blocks, and how it is cut is
 * part of the result; which thread takes which block is not.
 *
 * @param inputs {@code [T][B][...]} for the B rows of this block. Not modified
 * @param targets {@code [T'][B][...]}, T' the steps of the network's output; NaN where not known.
 *     Not modified
 * @param states {@code [B][stateSize]} before step 0, overwritten by those after the last step;
 *     rows that start get their network's initial state instead. Modified
 */
public record RowBlock(Bundle inputs, FloatSeq targets, float[] states) {}
