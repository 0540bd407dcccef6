package dev.eddy.jobs.train;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.apache.flink.metrics.reporter.Scheduled;

/** Remembers the most that a gauge of a name has said in this process. */
public final class MostReporter implements MetricReporter, Scheduled {
  private static final Map<String, Long> MOST = new ConcurrentHashMap<>();
  private final Map<Gauge<?>, String> gauges = new ConcurrentHashMap<>();

  /** Found by Flink by its name. */
  public static final class Factory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      return new MostReporter();
    }
  }

  static long most(String name) {
    return MOST.getOrDefault(name, 0L);
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {}

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    if (metric instanceof Gauge<?> gauge && name.startsWith("history")) {
      gauges.put(gauge, name);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    report();
    gauges.remove(metric);
  }

  @Override
  public void report() {
    gauges.forEach(
        (gauge, name) -> MOST.merge(name, ((Number) gauge.getValue()).longValue(), Math::max));
  }
}
