package dev.eddy.jobs.serve;

import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.model.task.forecast.Score;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * The gauges and counters of a step operator, under the group {@code eddy}. Clocks are read here
 * and nowhere else, and nothing here finds its way into the output. Latencies are microseconds from
 * an event's arrival at the operator to its prediction's emission; live errors are means over the
 * last thousand scores or so, older ones fading.
 */
final class StepMetrics {
  private static final int WINDOW = 1024;
  private static final double FADE = 1 - 1.0 / WINDOW;

  private final Counter events;
  private final Counter predictions;
  private final Counter late;
  private final Counter swaps;
  private final Counter rewarms;
  private final Counter refusedModels;
  private final Histogram stepLatency = new DescriptiveStatisticsHistogram(WINDOW);
  private final Histogram batchSize = new DescriptiveStatisticsHistogram(WINDOW);

  private volatile int modelVersion;
  private volatile long liveSinceMillis;
  private final AtomicLong activeEntities = new AtomicLong();
  private volatile double weight;
  private volatile double maeSum;
  private volatile double seasonMaeSum;

  StepMetrics(MetricGroup operator) {
    MetricGroup group = operator.addGroup("eddy");
    events = group.counter("events");
    predictions = group.counter("predictions");
    late = group.counter("late");
    swaps = group.counter("swaps");
    rewarms = group.counter("rewarms");
    refusedModels = group.counter("refusedModels");
    group.histogram("stepLatency", stepLatency);
    group.histogram("batchSize", batchSize);
    group.gauge("modelVersion", () -> modelVersion);
    group.gauge("modelAge", () -> System.currentTimeMillis() - liveSinceMillis);
    group.gauge("activeEntities", activeEntities::get);
    group.gauge("liveMae", () -> maeSum / weight);
    group.gauge("liveSeasonMae", () -> seasonMaeSum / weight);
    group.gauge("skill", () -> 1 - maeSum / seasonMaeSum);
  }

  /** An event came in. */
  void event() {
    events.inc();
  }

  /** An event came too late. */
  void late() {
    late.inc();
  }

  /** So many events were stepped together; {@code arrivals} holds when each of them came. */
  void stepped(int count, long[] arrivals) {
    long now = System.nanoTime();
    batchSize.update(count);
    predictions.inc(count);
    for (int i = 0; i < count; i++) {
      stepLatency.update((now - arrivals[i]) / 1000);
    }
  }

  /** An entity was seen for the first time, or so many were restored. */
  void entities(long more) {
    activeEntities.addAndGet(more);
  }

  /** Another model went live here. */
  void live(ModelRef ref) {
    modelVersion = ref.version();
    liveSinceMillis = System.currentTimeMillis();
  }

  /** A running job changed its model. */
  void swap() {
    swaps.inc();
  }

  /** An entity's state was rebuilt from its ring. */
  void rewarm() {
    rewarms.inc();
  }

  /** A model was refused. */
  void refused() {
    refusedModels.inc();
  }

  /** A forecast matured. Warm-up forecasts and scores of nothing do not count. */
  void score(Score score) {
    if (score.warmup() || score.count() == 0 || score.seasonMae().length == 0) {
      return;
    }
    weight = FADE * weight + 1;
    maeSum = FADE * maeSum + score.mae();
    seasonMaeSum = FADE * seasonMaeSum + score.seasonMae()[0];
  }
}
