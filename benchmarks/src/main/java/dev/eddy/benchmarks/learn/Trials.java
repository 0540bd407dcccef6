package dev.eddy.benchmarks.learn;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.benchmarks.run.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What came out of one variant of an experiment over several seeds.
 *
 * @param experiment what was learned
 * @param variant how
 * @param runs one for each seed
 */
record Trials(Experiment experiment, String variant, List<Run> runs) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One run.
   *
   * @param seed its seed
   * @param outcome what came out
   * @param seconds of wall time, scoring included
   * @param cpuSeconds of this process
   */
  record Run(long seed, Experiment.Outcome outcome, double seconds, double cpuSeconds) {}

  private double[] values(String measure) {
    return runs.stream().mapToDouble(run -> run.outcome().test().get(measure)).toArray();
  }

  double mean(String measure) {
    double sum = 0;
    for (double value : values(measure)) {
      sum += value;
    }
    return sum / runs.size();
  }

  /** The standard deviation over the seeds; NaN for a single one. */
  double spread(String measure) {
    double mean = mean(measure);
    double squares = 0;
    for (double value : values(measure)) {
      squares += (value - mean) * (value - mean);
    }
    return runs.size() < 2 ? Double.NaN : Math.sqrt(squares / (runs.size() - 1));
  }

  boolean met() {
    Experiment.Bar bar = experiment.bar(variant);
    return Double.isNaN(bar.value()) || bar.met(mean(bar.measure()));
  }

  /** The table that people read. */
  static String table(List<Trials> all) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-12s %-22s %-12s %18s %12s %9s %9s"
            .formatted(
                "experiment", "variant", "test part", "mean (spread)", "bar", "s a run", "CPU s"));
    for (Trials trials : all) {
      String first = trials.experiment.bar(trials.variant).measure();
      lines.add(trials.line(first, trials.experiment.name(), trials.variant));
      for (String measure : trials.runs.get(0).outcome().test().keySet()) {
        if (!measure.equals(first)) {
          lines.add(trials.line(measure, "", ""));
        }
      }
    }
    return String.join(System.lineSeparator(), lines);
  }

  private String line(String measure, String name, String ofVariant) {
    Experiment.Bar bar = experiment.bar(variant);
    boolean barred = bar.measure().equals(measure) && !Double.isNaN(bar.value());
    String asked =
        barred
            ? "%s %s%s".formatted(bar.atLeast() ? ">=" : "<=", bar.value(), met() ? "" : " MISSED")
            : "";
    return String.format(
        Locale.ROOT,
        "%-12s %-22s %-12s %9.4f (%.4f) %12s %9.0f %9.0f",
        name,
        ofVariant,
        measure,
        mean(measure),
        spread(measure),
        asked,
        runs.stream().mapToDouble(Run::seconds).average().orElse(Double.NaN),
        runs.stream().mapToDouble(Run::cpuSeconds).average().orElse(Double.NaN));
  }

  /** Everything, for {@code benchmarks/results}. */
  static ObjectNode json(String command, int threads, List<Trials> all) {
    ObjectNode root = Report.root(command);
    root.put("threads", threads);
    ArrayNode rows = root.putArray("rows");
    for (Trials trials : all) {
      ObjectNode row = rows.addObject();
      row.put("experiment", trials.experiment.name());
      row.put("description", trials.experiment.description());
      row.put("variant", trials.variant);
      Experiment.Bar bar = trials.experiment.bar(trials.variant);
      row.put("measure", bar.measure());
      if (!Double.isNaN(bar.value())) {
        row.put(bar.atLeast() ? "atLeast" : "atMost", bar.value());
        row.put("met", trials.met());
      }
      row.put("mean", trials.mean(bar.measure()));
      if (trials.runs.size() > 1) {
        row.put("spread", trials.spread(bar.measure()));
      }
      ArrayNode runs = row.putArray("runs");
      for (Run run : trials.runs) {
        ObjectNode node = runs.addObject();
        node.put("seed", run.seed());
        node.set("test", JSON.valueToTree(run.outcome().test()));
        node.set("validation", JSON.valueToTree(run.outcome().validation()));
        node.put("steps", run.outcome().steps());
        node.put("weights", run.outcome().weights());
        node.put("seconds", Math.round(run.seconds()));
        node.put("cpuSeconds", Math.round(run.cpuSeconds()));
      }
    }
    return root;
  }
}
