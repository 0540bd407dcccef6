package dev.eddy.jobs.train;

import dev.eddy.jobs.history.HistoryRange;

/**
 * What a checkpoint keeps of a run: completed rounds only, so that a restored run repeats the round
 * it was in, to the same bits. Readers keep nothing: their work follows from this and the data.
 *
 * @param range the records the run sees; null while not yet known
 * @param coordinator the bytes of the coordinator's snapshot
 */
record RunState(HistoryRange range, byte[] coordinator) {}
