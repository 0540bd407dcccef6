package dev.eddy.benchmarks.learn;

import com.sun.management.OperatingSystemMXBean;
import dev.eddy.benchmarks.run.DataFolder;
import dev.eddy.benchmarks.run.OutputFiles;
import dev.eddy.benchmarks.run.Report;
import dev.eddy.model.eval.LearningCurve;
import dev.eddy.model.train.FitListener;
import dev.eddy.model.train.FitProgress;
import dev.eddy.model.train.History;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs experiments in learning. */
@Command(
    name = "learn",
    description = "Experiments in learning: does a network reach what it should, in which time?",
    footer = {
      "",
      "The data sets are looked for in --data, else in $EDDY_DATA, else in ../shared/data.",
      "",
      "Examples:",
      "  eddy bench learn adding",
      "  eddy bench learn mnist --seeds 3 --json mnist.json --curves curves/"
    })
public final class LearnCommand implements Callable<Integer> {
  private static final Map<String, Function<Path, Experiment>> EXPERIMENTS =
      new TreeMap<>(
          Map.of(
              "adding", data -> new Adding(),
              "optdigits", Digits::optdigits,
              "mnist", Digits::mnist,
              "shakespeare", Shakespeare::of,
              "ablation", data -> new Ablation(Digits.optdigits(data))));

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      arity = "1..*",
      description = "Which: ablation, adding, mnist, optdigits, shakespeare.")
  private List<String> names;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs of each, with seeds 1 to N. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads; they change no result. Default: the processor's cores.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--data", paramLabel = "DIR", description = "The folder of the data sets.")
  private Path data;

  @Option(names = "--json", paramLabel = "OUT", description = "Also write the rows as JSON.")
  private Path json;

  @Option(
      names = "--curves",
      paramLabel = "DIR",
      description = "Also write a learning curve of each run, as CSV and PNG.")
  private Path curves;

  @Override
  public Integer call() throws IOException {
    check();
    List<Trials> all = new ArrayList<>();
    for (String name : names) {
      Experiment experiment = EXPERIMENTS.get(name).apply(DataFolder.of(data));
      out().printf("%s: %s%n", name, experiment.description());
      List<Trials> trials = new ArrayList<>();
      for (String variant : experiment.variants()) {
        trials.add(run(experiment, variant));
      }
      if (curves != null) {
        writeCurves(trials);
      }
      all.addAll(trials);
    }
    out().println();
    out().println(Trials.table(all));
    if (json != null) {
      Report.write(json, Report.text(Trials.json(Report.command(spec), threads, all)));
    }
    return all.stream().allMatch(Trials::met) ? 0 : 1;
  }

  private void check() {
    for (String name : names) {
      if (!EXPERIMENTS.containsKey(name)) {
        throw usage(
            "no experiment '%s', there are %s"
                .formatted(name, String.join(", ", EXPERIMENTS.keySet())));
      }
    }
    if (seeds < 1 || threads < 1) {
      throw usage(
          "--seeds and --threads must be at least 1, got %d and %d".formatted(seeds, threads));
    }
    OutputFiles.checkFile(spec, "--json", json);
    OutputFiles.checkFolder(spec, "--curves", curves);
    boolean needed = names.stream().anyMatch(name -> !name.equals("adding"));
    if (needed && !Files.isDirectory(DataFolder.of(data))) {
      throw usage(
          "no data sets in %s: name their folder with --data or $EDDY_DATA"
              .formatted(DataFolder.of(data)));
    }
  }

  private Trials run(Experiment experiment, String variant) throws IOException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    List<Trials.Run> runs = new ArrayList<>();
    for (long seed = 1; seed <= seeds; seed++) {
      String title = "%s %s, seed %d".formatted(experiment.name(), variant, seed);
      long cpu = system.getProcessCpuTime();
      long start = System.nanoTime();
      Experiment.Outcome outcome = experiment.run(variant, seed, threads, new Lines(title));
      double seconds = (System.nanoTime() - start) * 1e-9;
      runs.add(new Trials.Run(seed, outcome, seconds, (system.getProcessCpuTime() - cpu) * 1e-9));
      out().printf(Locale.ROOT, "%s: test %s, %.0f s%n", title, outcome.test(), seconds);
    }
    return new Trials(experiment, variant, runs);
  }

  /** The runs of an experiment: a picture of all, a table of each. */
  private void writeCurves(List<Trials> all) throws IOException {
    Map<String, History> runs = new LinkedHashMap<>();
    for (Trials trials : all) {
      for (Trials.Run run : trials.runs()) {
        runs.put("%s, seed %d".formatted(trials.variant(), run.seed()), run.outcome().history());
      }
    }
    String name = all.get(0).experiment().name();
    LearningCurve.write(curves.resolve(name + ".png"), name, "loss", runs);
    for (Map.Entry<String, History> run : runs.entrySet()) {
      String file = "%s-%s.csv".formatted(name, run.getKey().replaceAll("[^A-Za-z0-9.-]+", "-"));
      Files.writeString(curves.resolve(file), run.getValue().toCsv());
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** A line for each validation, with the rate and the time left. */
  private final class Lines implements FitListener {
    private final String title;
    private FitProgress last;

    Lines(String title) {
      this.title = title;
    }

    @Override
    public void step(FitProgress progress) {
      last = progress;
    }

    @Override
    public void row(History.Row row) {
      out()
          .printf(
              Locale.ROOT,
              "%s: step %,d, training loss %.4f, validation loss %.4f %s, %.1f steps a second, %.0f s left%n",
              title,
              row.step(),
              row.trainLoss(),
              row.validationLoss(),
              row.metrics(),
              row.step() / row.seconds(),
              last.secondsLeft());
    }
  }
}
