package dev.eddy.jobs.forecast;

import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.StreamTypes;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Passes events on and puts bad records aside. */
final class SplitRecords extends ProcessFunction<Parsed, Parsed.Event> {
  private static final long serialVersionUID = 1L;

  /** Bad records. */
  static final OutputTag<Parsed.BadRecord> BAD = new OutputTag<>("bad", StreamTypes.BAD_RECORD);

  @Override
  public void processElement(Parsed parsed, Context context, Collector<Parsed.Event> out) {
    if (parsed instanceof Parsed.Event event) {
      out.collect(event);
    } else if (parsed instanceof Parsed.BadRecord bad) {
      context.output(BAD, bad);
    }
  }
}
