package dev.eddy.benchmarks.run;

import dev.eddy.benchmarks.work.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The table as text: a line for each row, columns for each contestant. */
public final class TextTable {
  private TextTable() {}

  /** All outcomes of one kind of work; an empty text if there are none. */
  public static String of(List<Outcome> outcomes) {
    if (outcomes.isEmpty()) {
      return "";
    }
    boolean step = outcomes.get(0).row().kind().equals("step");
    Set<Contestant> all = outcomes.get(0).contestants();
    List<List<String>> lines = new ArrayList<>();
    lines.add(head(step, all));
    outcomes.forEach(outcome -> lines.add(line(outcome, step, all)));
    String title =
        step
            ? "One step of an LSTM layer, one thread: microseconds of CPU time"
            : "Training, forward + backward + Adam, B=64 T=48 I=8: milliseconds a batch"
                + " (CPU time; wall time with 2 threads)";
    String peak =
        "Peak of one core: %.0f GFLOP/s. A ratio is the other's time divided by Eddy's; the bar in brackets.%n"
            .formatted(Quantiles.of(outcomes.stream().mapToDouble(Outcome::peak).toArray(), 0.5));
    return title + "\n" + aligned(lines) + peak;
  }

  private static List<String> head(boolean step, Set<Contestant> all) {
    List<String> cells = new ArrayList<>(List.of("work", "Eddy", "of peak", "bytes"));
    for (Contestant who : all) {
      if (who != Contestant.EDDY && who != Contestant.PEAK) {
        cells.addAll(List.of(who.title(), "ratio"));
      }
    }
    return cells;
  }

  private static List<String> line(Outcome outcome, boolean step, Set<Contestant> all) {
    double unit = step ? 1e3 : 1e6;
    List<String> cells =
        new ArrayList<>(
            List.of(
                outcome.row().label(),
                figure(outcome.time(Contestant.EDDY) / unit),
                "%.0f %%".formatted(100 * outcome.shareOfPeak(Contestant.EDDY)),
                "%.0f".formatted(outcome.median(Contestant.EDDY, Sample::allocatedPerOperation))));
    for (Contestant who : all) {
      if (who != Contestant.EDDY && who != Contestant.PEAK) {
        cells.add(figure(outcome.time(who) / unit));
        cells.add(ratio(outcome, who));
      }
    }
    return cells;
  }

  private static String ratio(Outcome outcome, Contestant who) {
    String ratio = figure(outcome.ratio(who, 0.5));
    double bar = outcome.bar(who);
    if (Double.isNaN(bar)) {
      return ratio;
    }
    return "%s (%s) %s"
        .formatted(
            ratio,
            bar == Math.rint(bar) ? "%.0f".formatted(bar) : "" + bar,
            outcome.met(who) ? "met" : "MISSED");
  }

  /** Three digits that count. */
  public static String figure(double value) {
    int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** Lines of cells, the first column to the left, the others to the right. */
  public static String aligned(List<List<String>> lines) {
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      for (int c = 0; c < line.size(); c++) {
        int column = c;
        int width = lines.stream().mapToInt(l -> l.get(column).length()).max().orElse(0);
        text.append(
            c == 0
                ? String.format("%-" + width + "s", line.get(c))
                : String.format("  %" + width + "s", line.get(c)));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
