package dev.eddy.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MeterSimulatorTest {
  private static final int HISTORY = 24 * 28;

  private static List<Outgoing> history(MeterSimulator simulator) {
    List<Outgoing> records = new ArrayList<>();
    for (Outgoing r = simulator.nextHistory(); r != null; r = simulator.nextHistory()) {
      records.add(r);
    }
    return records;
  }

  private static List<Outgoing> live(MeterSimulator simulator, int count) {
    List<Outgoing> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(simulator.nextLive());
    }
    return records;
  }

  private static String text(List<Outgoing> records) {
    StringBuilder text = new StringBuilder();
    for (Outgoing r : records) {
      text.append(r.entity()).append(' ').append(r.time()).append(' ');
      text.append(new String(r.payload(Outgoing.Fields.PLAIN), StandardCharsets.UTF_8))
          .append('\n');
    }
    return text.toString();
  }

  @Test
  void theSameSeedGivesTheSameRecords() {
    MeterSimulator one = new MeterSimulator(20, 200, 5, Outgoing.Fields.PLAIN);
    MeterSimulator same = new MeterSimulator(20, 200, 5, Outgoing.Fields.PLAIN);
    MeterSimulator other = new MeterSimulator(20, 200, 6, Outgoing.Fields.PLAIN);
    String history = text(history(one));
    assertThat(text(history(same))).isEqualTo(history);
    assertThat(text(history(other))).isNotEqualTo(history);
    assertThat(text(live(one, 5000))).isEqualTo(text(live(same, 5000)));
  }

  @Test
  void liveReadingsAreAllLaterThanTheHistory() {
    MeterSimulator simulator = new MeterSimulator(50, HISTORY, 1, Outgoing.Fields.PLAIN);
    assertThat(history(simulator)).allMatch(r -> r.time() < simulator.liveStart());
    assertThat(live(simulator, 20_000)).allMatch(r -> r.time() >= simulator.liveStart());
    assertThat(simulator.nextHistory()).isNull();
  }

  @Test
  void aFewRecordsAreMalformedLateMissingAndOutOfOrder() {
    MeterSimulator simulator = new MeterSimulator(100, HISTORY, 2, Outgoing.Fields.PLAIN);
    Map<String, Long> last = new HashMap<>();
    long newest = Long.MIN_VALUE;
    int bad = 0;
    int late = 0;
    int missing = 0;
    int disordered = 0;
    List<Outgoing> records = history(simulator);
    for (Outgoing r : records) {
      if (!r.good()) {
        bad++;
        continue;
      }
      boolean isLate = r.time() < last.getOrDefault(r.entity(), Long.MIN_VALUE);
      late += isLate ? 1 : 0;
      disordered += !isLate && r.time() < newest ? 1 : 0;
      missing += Double.isNaN(r.value()) ? 1 : 0;
      last.merge(r.entity(), r.time(), Math::max);
      newest = Math.max(newest, r.time());
    }
    double all = records.size();
    assertThat(bad / all).isBetween(0.00005, 0.001);
    assertThat(late / all).isBetween(0.0008, 0.003);
    assertThat(missing / all).isBetween(0.0005, 0.02);
    assertThat(disordered / all).isBetween(0.005, 0.05);
    // Outages: readings that were never made.
    assertThat(all).isBetween(0.95 * 100 * HISTORY, 0.999 * 100 * HISTORY);
  }

  @Test
  void levelsLieThreeOrdersOfMagnitudeApart() {
    MeterSimulator simulator = new MeterSimulator(200, 168, 3, Outgoing.Fields.PLAIN);
    Map<String, double[]> sums = new TreeMap<>();
    for (Outgoing r : history(simulator)) {
      if (r.good() && !Double.isNaN(r.value())) {
        double[] sum = sums.computeIfAbsent(r.entity(), e -> new double[2]);
        sum[0] += r.value();
        sum[1]++;
      }
    }
    assertThat(sums).hasSize(200);
    double least = sums.values().stream().mapToDouble(s -> s[0] / s[1]).min().orElseThrow();
    double most = sums.values().stream().mapToDouble(s -> s[0] / s[1]).max().orElseThrow();
    assertThat(most / least).isBetween(300.0, 10_000.0);
  }

  @Test
  void readingsRepeatByWeekMoreThanByHalfDay() {
    MeterSimulator simulator = new MeterSimulator(30, HISTORY, 4, Outgoing.Fields.PLAIN);
    Map<String, Map<Long, Double>> values = new HashMap<>();
    for (Outgoing r : history(simulator)) {
      if (r.good() && !Double.isNaN(r.value())) {
        values
            .computeIfAbsent(r.entity(), e -> new HashMap<>())
            .put(r.time() / 3_600_000, r.value());
      }
    }
    int better = 0;
    for (Map<Long, Double> series : values.values()) {
      better += change(series, 168) < change(series, 12) ? 1 : 0;
    }
    assertThat(better).isGreaterThanOrEqualTo(28);
  }

  private static double change(Map<Long, Double> series, int lag) {
    double sum = 0;
    int count = 0;
    for (Map.Entry<Long, Double> e : series.entrySet()) {
      Double before = series.get(e.getKey() - lag);
      if (before != null) {
        sum += Math.abs(e.getValue() - before);
        count++;
      }
    }
    return sum / count;
  }
}
