package dev.eddy.jobs.io;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/** Event time of what comes from the events topic. */
public final class Events {
  private Events() {}

  /**
   * Watermarks behind the newest event of each partition. A bad record carries no time: it neither moves the watermark
   * nor gets a time stamp. Watermarks only clean up (timers); which events are applied never depends on them.
   *
   * @param outOfOrder how far behind the newest event the watermark stays
   * @param idle a partition silent for this long holds nothing back; zero means that it always does
   */
  public static WatermarkStrategy<Parsed> watermarks(Duration outOfOrder, Duration idle) {
    long behind = outOfOrder.toMillis();
    WatermarkStrategy<Parsed> strategy =
        WatermarkStrategy.<Parsed>forGenerator(context -> new Generator(behind))
            .withTimestampAssigner((parsed, recordTime) -> time(parsed));
    return idle.isZero() ? strategy : strategy.withIdleness(idle);
  }

  private static long time(Parsed parsed) {
    return parsed instanceof Parsed.Event event ? event.time() : TimestampAssigner.NO_TIMESTAMP;
  }

  private static final class Generator implements WatermarkGenerator<Parsed> {
    private final long behind;
    private long newest = Long.MIN_VALUE;

    Generator(long behind) {
      this.behind = behind;
    }

    @Override
    public void onEvent(Parsed parsed, long timestamp, WatermarkOutput output) {
      if (parsed instanceof Parsed.Event event) {
        newest = Math.max(newest, event.time());
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      if (newest != Long.MIN_VALUE) {
        output.emitWatermark(new Watermark(newest - behind - 1));
      }
    }
  }
}
