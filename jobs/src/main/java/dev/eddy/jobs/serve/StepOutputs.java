package dev.eddy.jobs.serve;

import dev.eddy.jobs.io.LateEvent;
import dev.eddy.jobs.io.LiveScore;
import dev.eddy.jobs.io.StreamTypes;
import org.apache.flink.util.OutputTag;

/** The side outputs of the step operator. */
public final class StepOutputs {
  private StepOutputs() {}

  /** Events that came after a newer one of their entity. */
  public static final OutputTag<LateEvent> LATE = new OutputTag<>("late", StreamTypes.LATE);

  /** Matured forecasts against their truth. */
  public static final OutputTag<LiveScore> SCORES = new OutputTag<>("scores", StreamTypes.SCORE);
}
