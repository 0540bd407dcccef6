package dev.eddy.benchmarks.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.benchmarks.run.BenchException;
import dev.eddy.benchmarks.run.Contestant;
import dev.eddy.benchmarks.run.Jvm;
import dev.eddy.benchmarks.run.Quantiles;
import dev.eddy.benchmarks.run.Report;
import dev.eddy.benchmarks.run.TextTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Eddy's whole job beside other libraries: each in a process of its own, one after another, the
 * same weights, history, held-out stretch, loss, optimiser and number of samples.
 */
final class PeerComparison {
  private static final int THREADS = 2;
  private static final int LOCAL_STEPS = 50;

  /** The loss that is asked for: so many times the best that the slowest reached. */
  private static final double LOSS_FACTOR = 1.05;

  private static final Map<Contestant, Double> BARS =
      Map.of(Contestant.DJL, 1.5, Contestant.DL4J, 10.0);

  private final Map<Contestant, List<Run>> runs = new EnumMap<>(Contestant.class);
  private final Setting setting;

  /** One process's run. */
  record Run(double rate, List<JobRun.Point> curve) {
    double best() {
      return curve.stream().mapToDouble(JobRun.Point::loss).min().orElse(Double.NaN);
    }

    /** Seconds until the loss was no more than this; infinite if it never was. */
    double secondsTo(double loss) {
      return curve.stream()
          .filter(point -> point.loss() <= loss)
          .mapToDouble(JobRun.Point::seconds)
          .findFirst()
          .orElse(Double.POSITIVE_INFINITY);
    }
  }

  PeerComparison(boolean quick) {
    setting = PeerProcess.setting(THREADS, quick ? 12 : 60, LOCAL_STEPS);
  }

  /** Runs everybody in each sitting, in an order that rotates. */
  void run(int sittings, Consumer<String> progress) {
    List<Contestant> all = List.of(Contestant.EDDY, Contestant.DJL, Contestant.DL4J);
    for (int sitting = 0; sitting < sittings; sitting++) {
      for (int i = 0; i < all.size(); i++) {
        Contestant who = all.get((sitting + i) % all.size());
        progress.accept("sitting %d: %s".formatted(sitting + 1, who.title()));
        add(who, train(who));
      }
    }
  }

  void add(Contestant who, Run run) {
    runs.computeIfAbsent(who, w -> new ArrayList<>()).add(run);
  }

  private Run train(Contestant who) {
    List<String> program =
        List.of(
            PeerProcess.class.getName(),
            who.id(),
            "" + THREADS,
            "" + setting.rounds(),
            "" + setting.localSteps());
    List<String> options =
        List.of(
            "-Xmx1g",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED");
    try {
      Path log = Files.createTempFile("eddy-bench", ".log");
      try {
        Process process =
            Jvm.process(THREADS, options, program).redirectError(log.toFile()).start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
          Run run = parse(said.lines().toList());
          if (process.waitFor() != 0 || Double.isNaN(run.rate())) {
            throw new BenchException(
                "%s: its process failed:%n%s".formatted(who.title(), lastWords(log)));
          }
          return run;
        } finally {
          process.destroyForcibly();
        }
      } finally {
        Files.delete(log);
      }
    } catch (IOException e) {
      throw new BenchException(who.title() + " cannot be started: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted while " + who.title() + " trained");
    }
  }

  private static String lastWords(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
  }

  /** What a process said. */
  static Run parse(List<String> lines) {
    List<JobRun.Point> curve = new ArrayList<>();
    double rate = Double.NaN;
    for (String line : lines) {
      String[] words = line.split(" ");
      if (words[0].equals(PeerProcess.POINT)) {
        curve.add(
            new JobRun.Point(
                Double.parseDouble(words[1]),
                Long.parseLong(words[2]),
                Double.parseDouble(words[3])));
      } else if (words[0].equals(PeerProcess.RATE)) {
        rate = Double.parseDouble(words[1]);
      }
    }
    return new Run(rate, curve);
  }

  /** Samples per second: the median over the sittings. */
  double rate(Contestant who) {
    return median(runs.get(who).stream().map(Run::rate).toList());
  }

  /** Eddy's rate over another's: the median of the sittings' own. */
  double ratio(Contestant who) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < runs.get(who).size(); i++) {
      ratios.add(runs.get(Contestant.EDDY).get(i).rate() / runs.get(who).get(i).rate());
    }
    return median(ratios);
  }

  /** The loss that everybody is to reach: the best of whoever trains slowest, and a little more. */
  double asked() {
    Contestant slowest =
        runs.keySet().stream().min(java.util.Comparator.comparingDouble(this::rate)).orElseThrow();
    return LOSS_FACTOR * best(slowest);
  }

  private double best(Contestant who) {
    return median(runs.get(who).stream().map(Run::best).toList());
  }

  /** Seconds to the loss that is asked for. */
  double seconds(Contestant who) {
    double asked = asked();
    return median(runs.get(who).stream().map(run -> run.secondsTo(asked)).toList());
  }

  private static double median(List<Double> values) {
    return Quantiles.of(values.stream().mapToDouble(Double::doubleValue).toArray(), 0.5);
  }

  String text() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of("", "samples/s", "Eddy is faster", "best loss", "s to %.4f".formatted(asked())));
    for (Contestant who : runs.keySet()) {
      lines.add(
          List.of(
              who.title(),
              String.format(Locale.ROOT, "%,.0f", rate(who)),
              claim(who),
              String.format(Locale.ROOT, "%.4f", best(who)),
              Double.isInfinite(seconds(who)) ? "never" : TextTable.figure(seconds(who))));
    }
    return String.format(
            Locale.ROOT,
            "LSTM H=%d, batch %d of %d steps, %d threads, %,d samples. Eddy: the whole job on %d slots, from its submission.%n",
            setting.units(),
            Setting.BATCH,
            Setting.CHUNK,
            THREADS,
            setting.samples(setting.rounds()),
            THREADS)
        + TextTable.aligned(lines);
  }

  private String claim(Contestant who) {
    if (who == Contestant.EDDY) {
      return "";
    }
    double bar = BARS.get(who);
    return "%s (%s) %s"
        .formatted(TextTable.figure(ratio(who)), bar, ratio(who) >= bar ? "met" : "MISSED");
  }

  ObjectNode json(String command) {
    ObjectNode root = Report.root(command);
    ScalingTables.setting(root.putObject("setting"), setting);
    root.put("threads", THREADS);
    root.put("lossAsked", Report.rounded(asked()));
    ArrayNode rows = root.putArray("rows");
    for (Contestant who : runs.keySet()) {
      ObjectNode row = rows.addObject();
      row.put("name", who.id());
      row.put("samplesPerSecond", Report.rounded(rate(who)));
      if (who != Contestant.EDDY) {
        row.put("ratio", Report.rounded(ratio(who)));
        row.put("atLeast", BARS.get(who));
        row.put("met", ratio(who) >= BARS.get(who));
      }
      row.put("bestLoss", Report.rounded(best(who)));
      if (Double.isFinite(seconds(who))) {
        row.put("secondsToLoss", Report.rounded(seconds(who)));
      }
      ArrayNode all = row.putArray("runs");
      for (Run run : runs.get(who)) {
        ObjectNode node = all.addObject();
        node.put("samplesPerSecond", Report.rounded(run.rate()));
        ArrayNode curve = node.putArray("secondsAndLoss");
        for (JobRun.Point point : run.curve()) {
          curve.addArray().add(Report.rounded(point.seconds())).add(Report.rounded(point.loss()));
        }
      }
    }
    return root;
  }
}
