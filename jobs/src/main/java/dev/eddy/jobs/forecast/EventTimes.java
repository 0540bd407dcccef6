package dev.eddy.jobs.forecast;

import dev.eddy.jobs.io.Parsed;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Event time of parsed records, per partition. Bad records carry no time and move no watermark.
 * Nothing in the output depends on watermarks; they show how far the job is, and drive what users
 * put behind it.
 */
final class EventTimes implements WatermarkGenerator<Parsed> {
  private static final Duration IDLE_AFTER = Duration.ofSeconds(10);

  private final long maxDelayMillis;
  private long newest = Long.MIN_VALUE;

  private EventTimes(long maxDelayMillis) {
    this.maxDelayMillis = maxDelayMillis;
  }

  /**
   * Watermarks that trail the newest event of a partition by the delay for which events may be put
   * in order.
   */
  static WatermarkStrategy<Parsed> strategy(long maxDelayMillis) {
    return WatermarkStrategy.<Parsed>forGenerator(context -> new EventTimes(maxDelayMillis))
        .withTimestampAssigner(
            (parsed, kafkaTime) -> parsed instanceof Parsed.Event event ? event.time() : kafkaTime)
        .withIdleness(IDLE_AFTER);
  }

  @Override
  public void onEvent(Parsed parsed, long timestamp, WatermarkOutput output) {
    if (parsed instanceof Parsed.Event event) {
      newest = Math.max(newest, event.time());
    }
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    long mark = newest - maxDelayMillis - 1;
    if (mark < newest) { // no event yet, or one at the very beginning of time
      output.emitWatermark(new Watermark(mark));
    }
  }
}
