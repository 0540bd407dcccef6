package dev.eddy.jobs.train;

import dev.eddy.jobs.history.HistoryRange;
import dev.eddy.model.task.forecast.GateScore;
import java.util.Map;

/**
 * What a checkpoint keeps of a run: completed rounds and whole scores only, so that a restored run
 * repeats what it was in, to the same bits. Readers keep nothing: their work follows from this and
 * the data.
 *
 * @param range the records the run sees; null while not yet known
 * @param data what names the data that was read; null while not yet known
 * @param train the bytes of the training coordinator's snapshot; null before the first
 * @param gate what the gate says of its best weights; null before it has said so
 * @param refit the bytes of the refit coordinator's snapshot; null where there is none (yet)
 * @param refitGate what the gate's stretch says of its weights; null before
 * @param dropped updates that came too late to count
 */
record RunState(
    HistoryRange range,
    Map<String, String> data,
    byte[] train,
    GateScore gate,
    byte[] refit,
    GateScore refitGate,
    long dropped) {}
