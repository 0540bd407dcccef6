package dev.eddy.jobs.serve;

import dev.eddy.jobs.io.LateEvent;
import dev.eddy.jobs.io.LiveScore;
import org.apache.flink.util.OutputTag;

/** The side outputs of the step operator. */
public final class StepOutputs {
  private StepOutputs() {}

  /** Events that came after a newer one of their entity. */
  public static final OutputTag<LateEvent> LATE = new OutputTag<>("late", org.apache.flink.api.common.typeinfo.TypeInformation.of(LateEvent.class));

  /** Matured forecasts against their truth. */
  public static final OutputTag<LiveScore> SCORES = new OutputTag<>("scores", org.apache.flink.api.common.typeinfo.TypeInformation.of(LiveScore.class));
}
