package dev.eddy.benchmarks.averaging;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.benchmarks.run.Quantiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The runs of all variants on one problem.
 *
 * @param problem which
 * @param results by variant, in the order of the table
 */
record Comparison(String problem, List<Result> results) {
  /** The bar: this much above one machine's validation loss at most. */
  static final double BAR = 0.02;

  /**
   * One variant's runs.
   *
   * @param variant how
   * @param megabytes that a slot sends and receives in the whole run, with a shard each
   * @param runs one for each seed
   */
  record Result(Variant variant, double megabytes, List<Run> runs) {
    double median() {
      return Quantiles.of(runs.stream().mapToDouble(Run::best).toArray(), 0.5);
    }

    double seconds() {
      return Quantiles.of(runs.stream().mapToDouble(Run::seconds).toArray(), 0.5);
    }
  }

  /**
   * One run.
   *
   * @param seed of initial weights, order and everything else
   * @param best validation loss of the best round, whose weights a job would publish
   * @param last validation loss of the last round
   * @param samples target steps learned from
   * @param seconds of wall time on one thread, all shards after one another
   */
  record Run(long seed, double best, double last, long samples, double seconds) {}

  private Result result(String name) {
    return results.stream().filter(r -> r.variant().name().equals(name)).findFirst().orElseThrow();
  }

  /**
   * A variant's loss beside one machine's: the median over the seeds of the quotient of the same
   * seed, less 1.
   */
  double excess(Result result, String oneMachine) {
    List<Run> one = result(oneMachine).runs();
    double[] quotients = new double[one.size()];
    for (int i = 0; i < quotients.length; i++) {
      quotients[i] = result.runs().get(i).best() / one.get(i).best() - 1;
    }
    return Quantiles.of(quotients, 0.5);
  }

  boolean met() {
    return excess(result(Variant.BARRED), Variant.UNION) <= BAR;
  }

  /** The table that people read. */
  String table() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-10s %-24s %6s %7s %23s %6s %10s %10s %5s"
            .formatted(
                "data",
                "variant",
                "rounds",
                "MB/slot",
                "best (min..max)",
                "last",
                "to 4xbatch",
                "to 4xsteps",
                "s"));
    for (Result result : results) {
      double[] best = result.runs().stream().mapToDouble(Run::best).sorted().toArray();
      double[] last = result.runs().stream().mapToDouble(Run::last).toArray();
      boolean barred = result.variant().name().equals(Variant.BARRED);
      lines.add(
          String.format(
              Locale.ROOT,
              "%-10s %-24s %6d %7.1f %.4f (%.4f..%.4f) %.4f %+8.1f %% %+8.1f %% %5.0f%s",
              problem,
              result.variant().name(),
              result.variant().rounds(),
              result.megabytes(),
              result.median(),
              best[0],
              best[best.length - 1],
              Quantiles.of(last, 0.5),
              100 * excess(result, Variant.UNION),
              100 * excess(result, Variant.LONG),
              result.seconds(),
              barred ? (met() ? "  bar 2 %" : "  bar 2 % MISSED") : ""));
    }
    return String.join(System.lineSeparator(), lines);
  }

  /** Everything, for {@code benchmarks/results}. rows: Modified. */
  void addTo(ArrayNode rows) {
    for (Result result : results) {
      Variant variant = result.variant();
      ObjectNode row = rows.addObject();
      row.put("data", problem);
      row.put("variant", variant.name());
      row.put("shards", variant.shards());
      row.put("batch", variant.batch());
      row.put("localSteps", variant.averaging().localSteps().toString());
      row.put("moments", variant.averaging().moments().name());
      row.put("outer", variant.averaging().outer().toString());
      row.put("rounds", variant.rounds());
      row.put("megabytesPerSlot", result.megabytes());
      row.put("medianBest", result.median());
      row.put("againstUnionBatch", excess(result, Variant.UNION));
      row.put("againstFourTimesSteps", excess(result, Variant.LONG));
      if (variant.name().equals(Variant.BARRED)) {
        row.put("atMost", BAR);
        row.put("met", met());
      }
      ArrayNode runs = row.putArray("runs");
      for (Run run : result.runs()) {
        runs.addObject()
            .put("seed", run.seed())
            .put("best", run.best())
            .put("last", run.last())
            .put("samples", run.samples())
            .put("seconds", run.seconds());
      }
    }
  }
}
