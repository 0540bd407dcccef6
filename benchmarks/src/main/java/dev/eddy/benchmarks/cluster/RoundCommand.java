package dev.eddy.benchmarks.cluster;

import dev.eddy.benchmarks.run.OutputFiles;
import dev.eddy.benchmarks.run.Quantiles;
import dev.eddy.benchmarks.run.Report;
import dev.eddy.jobs.embedded.EmbeddedFlink;
import dev.eddy.jobs.train.EmptyRounds;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures rounds that train nothing, and extrapolates. */
@Command(
    name = "round",
    description = {
      "What a round of averaging costs beside the training: real coordinator, real Flink over TCP, no arithmetic.",
      "Fits a model, checks it on measurements it was not fitted to, and says what it predicts for 64 and 256 slots."
    },
    footer = {
      "",
      "Examples:",
      "  eddy bench round --quick",
      "  eddy bench round --json benchmarks/results/round.json",
      "  eddy bench round --quick --default-buffer"
    })
public final class RoundCommand implements Callable<Integer> {
  /** Messages of 0.2 and 4 MB of weights: alone, and with Adam's two moments. */
  private static final double[] PREDICTED = {0.2, 0.6, 4, 12};

  private static final int[] CLUSTERS = {64, 256};

  @Spec private CommandSpec spec;

  @Option(names = "--quick", description = "A first impression: fewer rounds, one sitting.")
  private boolean quick;

  @Option(
      names = "--slots",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2,4",
      description = "Slots, each in a TaskManager of its own. Default: ${DEFAULT-VALUE}.")
  private List<Integer> slots;

  @Option(
      names = "--default-buffer",
      description =
          "Leave Flink's connections as they come. Without this "
              + Stage.BUFFER
              + " is set to 16 MB, as docs/operations.md recommends.")
  private boolean defaultBuffer;

  @Option(names = "--json", paramLabel = "OUT", description = "Also write the rows as JSON.")
  private Path json;

  @Override
  public Integer call() throws Exception {
    check();
    if (!defaultBuffer) {
      Stage.buffer();
    }
    List<RoundModel.Measured> measured = measure();
    RoundModel model =
        RoundModel.fit(measured.stream().filter(one -> one.size().fitted()).toList());
    List<CoordinatorCost> alone = new ArrayList<>();
    for (int cluster : CLUSTERS) {
      for (double megabytes : PREDICTED) {
        RoundSize size = new RoundSize(megabytes, cluster, cluster);
        progress("coordinator alone: %.1f MB, %d slots", megabytes, cluster);
        alone.add(CoordinatorCost.measure(size, quick || megabytes > 1 ? 3 : 9));
      }
    }
    out().println(RoundTables.measured(measured, model));
    out().println("Model: " + model);
    out().println(RoundTables.errors(measured, model));
    out().println(RoundTables.predicted(model, alone));
    if (json != null) {
      String command = Report.command(spec);
      Report.write(json, Report.text(RoundTables.json(command, measured, model, alone)));
    }
    return 0;
  }

  private void check() {
    OutputFiles.checkFile(spec, "--json", json);
    if (slots.isEmpty() || slots.stream().anyMatch(count -> count < 1 || count > 64)) {
      throw new ParameterException(
          spec.commandLine(), "--slots: expected numbers from 1 to 64, got %s".formatted(slots));
    }
    long fitted = RoundSize.grid(slots).stream().filter(RoundSize::fitted).count();
    if (slots.stream().distinct().count() < 2 || fitted < RoundModel.TERMS) {
      throw new ParameterException(
          spec.commandLine(),
          "--slots: a model of slots takes at least two different numbers, got %s"
              .formatted(slots));
    }
  }

  /** All sizes in every sitting; the rounds of all sittings together. */
  private List<RoundModel.Measured> measure() throws Exception {
    List<RoundSize> sizes = RoundSize.grid(slots);
    Map<RoundSize, double[]> seconds = new LinkedHashMap<>();
    int managers = Math.max(2, slots.stream().mapToInt(Integer::intValue).max().orElseThrow());
    try (EmbeddedFlink flink = Stage.cluster(managers, 1)) {
      progress("warming up");
      rounds(flink, new RoundSize(1, 2, 4), quick ? 20 : 100);
      for (int sitting = 0; sitting < (quick ? 1 : 3); sitting++) {
        for (RoundSize size : sizes) {
          progress(
              "%.2f MB, %d slots, %d shards (sitting %d)",
              size.megabytes(), size.slots(), size.shards(), sitting + 1);
          seconds.merge(size, rounds(flink, size, size.rounds(quick)), RoundCommand::joined);
        }
      }
    }
    List<RoundModel.Measured> all = new ArrayList<>();
    seconds.forEach(
        (size, each) ->
            all.add(
                new RoundModel.Measured(
                    size,
                    Quantiles.of(each, 0.5),
                    Quantiles.of(each, 0.25),
                    Quantiles.of(each, 0.75))));
    return all;
  }

  /** Seconds of the rounds after the first third, in which a job still finds its feet. */
  private static double[] rounds(EmbeddedFlink flink, RoundSize size, int rounds) throws Exception {
    EmptyRounds.Size empty =
        new EmptyRounds.Size(size.floats(), size.shards(), size.slots(), rounds);
    double[] seconds = EmptyRounds.seconds(empty, flink.environment());
    return Arrays.copyOfRange(seconds, seconds.length / 3, seconds.length);
  }

  private static double[] joined(double[] a, double[] b) {
    double[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private void progress(String format, Object... values) {
    spec.commandLine().getErr().println(String.format(Locale.ROOT, format, values));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
