package dev.eddy.benchmarks.run;

import dev.eddy.benchmarks.work.PeakBenchmark;
import dev.eddy.benchmarks.work.Sample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * A row with what was measured.
 *
 * <p>Time is that of the thread on a core where there is one thread, and on the wall where there
 * are several.
 */
public final class Outcome {
  private final Row row;
  private final Map<Contestant, List<Sample>> samples = new EnumMap<>(Contestant.class);

  /** Nothing measured yet. */
  public Outcome(Row row) {
    this.row = row;
  }

  /** Adds a sitting's samples; the i-th of each contestant belong to the same round. */
  void add(Map<Contestant, List<Sample>> sitting) {
    sitting.forEach(
        (who, more) -> samples.computeIfAbsent(who, w -> new ArrayList<>()).addAll(more));
  }

  /** What was to be measured. */
  public Row row() {
    return row;
  }

  /** Who was measured. */
  public Set<Contestant> contestants() {
    return samples.keySet();
  }

  /** The median of a figure over all rounds. */
  public double median(Contestant who, ToDoubleFunction<Sample> figure) {
    return Quantiles.of(samples.get(who).stream().mapToDouble(figure).toArray(), 0.5);
  }

  /** Nanoseconds of one operation: the median over all rounds. */
  public double time(Contestant who) {
    return median(who, this::time);
  }

  private double time(Sample sample) {
    return row.threads() == 1 ? sample.cpuPerOperation() : sample.wallPerOperation();
  }

  /**
   * A quantile of the rounds' ratios: the contestant's time divided by Eddy's in the same round.
   */
  public double ratio(Contestant who, double quantile) {
    List<Sample> own = samples.get(who);
    List<Sample> eddy = samples.get(Contestant.EDDY);
    double[] ratios = new double[own.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = time(own.get(i)) / time(eddy.get(i));
    }
    return Quantiles.of(ratios, quantile);
  }

  /** Operations per nanosecond (GFLOP/s) that one core can do at most. */
  public double peak() {
    return PeakBenchmark.FLOPS / median(Contestant.PEAK, Sample::cpuPerOperation);
  }

  /** How much of the peak of the cores it may use a contestant's products come to, 1 for all. */
  public double shareOfPeak(Contestant who) {
    return row.flops() / time(who) / peak() / row.threads();
  }

  /** The ratio that is claimed of a contestant; NaN if none is. */
  public double bar(Contestant who) {
    boolean portable = who == Contestant.PORTABLE && "32".equals(row.parameters().get("batch"));
    return portable ? Row.PORTABLE_BAR : row.bars().getOrDefault(who, Double.NaN);
  }

  /** Whether the claim holds; true if there is none. */
  public boolean met(Contestant who) {
    double bar = bar(who);
    double ratio = ratio(who, 0.5);
    return Double.isNaN(bar) || (who.peer() ? ratio >= bar : ratio <= bar);
  }
}
