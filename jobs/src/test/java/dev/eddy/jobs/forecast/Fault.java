package dev.eddy.jobs.forecast;

import dev.eddy.jobs.io.Parsed;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.MapFunction;

/** Lets records through until it is armed; then it throws once. */
final class Fault implements MapFunction<Parsed, Parsed> {
  private static final long serialVersionUID = 1L;

  /** Whether the next record brings the job down. */
  static final AtomicBoolean ARMED = new AtomicBoolean();

  /** How often it did. */
  static final AtomicInteger THROWN = new AtomicInteger();

  @Override
  public Parsed map(Parsed parsed) {
    if (ARMED.compareAndSet(true, false)) {
      THROWN.incrementAndGet();
      throw new IllegalStateException("injected failure");
    }
    return parsed;
  }
}
