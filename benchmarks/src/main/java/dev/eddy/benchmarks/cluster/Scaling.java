package dev.eddy.benchmarks.cluster;

import dev.eddy.benchmarks.run.Quantiles;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rates on several numbers of slots, sitting by sitting. */
final class Scaling {
  /** Two slots on two cores, eight on sixteen: the least efficiency that is claimed. */
  private static final Map<Integer, Double> BARS = Map.of(2, 0.9, 8, 0.8);

  /** The largest share of a round that averaging may take. */
  static final double OVERHEAD_BAR = 0.03;

  private final Map<Kind, Map<Integer, List<Double>>> rates = new EnumMap<>(Kind.class);
  private final Map<Integer, List<Double>> overheads = new TreeMap<>();
  private final Map<Integer, List<Double>> averaging = new TreeMap<>();

  /** Who trains. */
  enum Kind {
    /** The whole Flink job. */
    JOB("job"),
    /** The same shards on threads, without Flink. */
    THREADS("threads"),
    /** Networks that have nothing to do with one another: what the machine allows. */
    KERNELS("kernels");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** Adds one sitting's rate. */
  void add(Kind kind, int slots, double samplesPerSecond) {
    rates
        .computeIfAbsent(kind, k -> new TreeMap<>())
        .computeIfAbsent(slots, s -> new ArrayList<>())
        .add(samplesPerSecond);
  }

  /** Adds one sitting's share and seconds of a round in which nobody computed. */
  void addOverhead(int slots, double share, double seconds) {
    overheads.computeIfAbsent(slots, s -> new ArrayList<>()).add(share);
    averaging.computeIfAbsent(slots, s -> new ArrayList<>()).add(seconds);
  }

  /** Steps learned from per second: the median over the sittings. */
  double rate(Kind kind, int slots) {
    return median(rates.get(kind).get(slots));
  }

  /** The rate over that of as many single slots; the median of the sittings' own. */
  double efficiency(Kind kind, int slots) {
    List<Double> many = rates.get(kind).get(slots);
    List<Double> one = rates.get(kind).get(1);
    List<Double> shares = new ArrayList<>();
    for (int sitting = 0; sitting < many.size(); sitting++) {
      shares.add(many.get(sitting) / (slots * one.get(sitting)));
    }
    return median(shares);
  }

  /** The share of a round in which not even the slowest slot computed. */
  double overhead(int slots) {
    return median(overheads.get(slots));
  }

  /** The same in seconds. */
  double averaging(int slots) {
    return median(averaging.get(slots));
  }

  /** The efficiency that is claimed; NaN if none is. */
  double bar(int slots) {
    return BARS.getOrDefault(slots, Double.NaN);
  }

  private static double median(List<Double> values) {
    return Quantiles.of(values.stream().mapToDouble(Double::doubleValue).toArray(), 0.5);
  }
}
