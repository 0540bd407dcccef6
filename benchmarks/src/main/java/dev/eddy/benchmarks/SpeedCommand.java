package dev.eddy.benchmarks;

import dev.eddy.benchmarks.run.Outcome;
import dev.eddy.benchmarks.run.OutputFiles;
import dev.eddy.benchmarks.run.Plan;
import dev.eddy.benchmarks.run.Report;
import dev.eddy.benchmarks.run.Row;
import dev.eddy.benchmarks.run.SideBySide;
import dev.eddy.benchmarks.run.TextTable;
import dev.eddy.benchmarks.work.Contenders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Measures times, side by side. */
@Command
abstract class SpeedCommand implements Callable<Integer> {
  @ParentCommand private Bench bench;
  @Spec private CommandSpec spec;

  @Option(
      names = "--peers",
      description =
          "Also measure ONNX Runtime, DJL with PyTorch and DL4J, in turns with Eddy. Their jars are downloaded the first time.")
  private boolean peers;

  @Option(names = "--quick", description = "A first impression: fewer rounds, one sitting.")
  private boolean quick;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Only the rows for so many threads. Default: all.")
  private Integer threads;

  @Option(
      names = "--json",
      paramLabel = "OUT",
      description = "Also write the rows as JSON to this file.")
  private Path json;

  /** The kinds of work that are measured. */
  abstract List<String> kinds();

  @Override
  public Integer call() {
    check();
    List<Outcome> all = new ArrayList<>();
    Map<String, Plan> plans = new LinkedHashMap<>();
    for (String kind : kinds()) {
      Plan plan = Plan.of(kind, quick);
      plans.put(kind, plan);
      List<Outcome> outcomes = SideBySide.run(rows(kind), peers, plan, bench.err()::println);
      bench.out().println(TextTable.of(outcomes));
      all.addAll(outcomes);
      if (json != null) {
        Report.write(
            json, Report.of(Report.command(spec), plans, all)); // what is there if the next fails
      }
    }
    return 0;
  }

  private void check() {
    if (peers && !Contenders.peersAreThere()) {
      throw usage("--peers: the other libraries are not in this build; start it with ./eddy");
    }
    OutputFiles.checkFile(spec, "--json", json);
    if (kinds().stream().allMatch(kind -> rows(kind).isEmpty())) {
      throw usage("--threads: there is no row for %d threads".formatted(threads));
    }
  }

  private List<Row> rows(String kind) {
    List<Row> rows = kind.equals("step") ? Row.step() : Row.train(Runtime.version().feature());
    return rows.stream().filter(row -> threads == null || row.threads() == threads).toList();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Steps. */
  @Command(
      name = "step",
      description = "One step of an LSTM layer, for 1, 32 and 256 entities together.",
      footer = {"", "Example:", "  eddy bench step --peers --json step.json"})
  static final class Step extends SpeedCommand {
    @Override
    List<String> kinds() {
      return List.of("step");
    }
  }

  /** Training. */
  @Command(
      name = "train",
      description = "Forward, backward and Adam for a batch of 64 sequences of 48 steps.",
      footer = {"", "Example:", "  eddy bench train --peers --threads 1"})
  static final class Train extends SpeedCommand {
    @Override
    List<String> kinds() {
      return List.of("train");
    }
  }

  /** Both. */
  @Command(
      name = "all",
      description = "Steps, then training.",
      footer = {"", "Example:", "  eddy bench all --peers --json benchmarks/results/jdk17.json"})
  static final class All extends SpeedCommand {
    @Override
    List<String> kinds() {
      return List.of("step", "train");
    }
  }
}
