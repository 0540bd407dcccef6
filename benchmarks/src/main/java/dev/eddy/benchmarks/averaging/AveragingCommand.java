package dev.eddy.benchmarks.averaging;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.benchmarks.run.DataFolder;
import dev.eddy.benchmarks.run.OutputFiles;
import dev.eddy.benchmarks.run.Report;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.task.forecast.ForecastTraining;
import dev.eddy.model.train.LocalTraining;
import dev.eddy.model.train.OuterStep;
import dev.eddy.model.train.Progress;
import dev.eddy.model.train.TrainingSetup;
import dev.eddy.model.train.TrainingSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures what averaging costs in quality. */
@Command(
    name = "averaging",
    description = {
      "Quality per communication: 4 shards, averaged now and then, beside one machine with as many samples.",
      "Validation losses on ETTh1 (skipped where it is not there) and on the demo's simulated meters."
    },
    footer = {
      "",
      "ETTh1 is looked for in --data, else in $EDDY_DATA, else in ../shared/data.",
      "",
      "Examples:",
      "  eddy bench averaging --seeds 1",
      "  eddy bench averaging --seeds 3 --json benchmarks/results/averaging.json"
    })
public final class AveragingCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs of each, with seeds 1 to N. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads; they change no loss. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--outer-rate",
      paramLabel = "R",
      defaultValue = "1",
      description = "Rate of the Nesterov step. Default: ${DEFAULT-VALUE}; DiLoCo's is 0.7.")
  private double rate;

  @Option(
      names = "--outer-momentum",
      paramLabel = "M",
      defaultValue = "0.5",
      description = "Momentum of the Nesterov step. Default: ${DEFAULT-VALUE}; DiLoCo's is 0.9.")
  private double momentum;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Beside one machine, only variants whose name contains this.")
  private String only;

  @Option(names = "--data", paramLabel = "DIR", description = "The folder of the data sets.")
  private Path data;

  @Option(names = "--json", paramLabel = "OUT", description = "Also write the rows as JSON.")
  private Path json;

  @Override
  public Integer call() throws IOException {
    OuterStep outer = check();
    List<Comparison> all = new ArrayList<>();
    Problem etth1 = Problem.etth1(DataFolder.of(data));
    if (etth1 == null) {
      err().printf("etth1: skipped, %s has no etth1/ETTh1.csv.gz%n", DataFolder.of(data));
    } else {
      all.add(compare(etth1, outer));
      write(all);
    }
    all.add(compare(Problem.simulator(), outer));
    write(all);
    return all.stream().allMatch(Comparison::met) ? 0 : 1;
  }

  private void write(List<Comparison> all) {
    if (json != null) {
      ObjectNode root = Report.root(Report.command(spec));
      root.put("threads", threads);
      ArrayNode rows = root.putArray("rows");
      all.forEach(comparison -> comparison.addTo(rows));
      Report.write(json, Report.text(root));
    }
  }

  private OuterStep check() {
    OutputFiles.checkFile(spec, "--json", json);
    if (seeds < 1 || threads < 1) {
      throw usage(
          "--seeds and --threads must be at least 1, got %d and %d".formatted(seeds, threads));
    }
    try {
      return new OuterStep(OuterStep.Kind.NESTEROV, rate, momentum);
    } catch (IllegalArgumentException e) {
      throw usage("--outer-rate, --outer-momentum: " + e.getMessage());
    }
  }

  private Comparison compare(Problem problem, OuterStep outer) {
    List<Comparison.Result> results = new ArrayList<>();
    for (Variant variant : Variant.all(problem.training().batch(), outer)) {
      boolean needed = variant.shards() == 1 || variant.name().equals(Variant.BARRED);
      if (needed || variant.name().contains(only)) {
        results.add(run(problem, variant));
      }
    }
    Comparison comparison = new Comparison(problem.name(), results);
    out().println(comparison.table());
    out().println();
    return comparison;
  }

  private Comparison.Result run(Problem problem, Variant variant) {
    List<Comparison.Run> runs = new ArrayList<>();
    double megabytes = 0;
    for (long seed = 1; seed <= seeds; seed++) {
      TrainingSpec training = variant.spec(problem, seed);
      ForecastTraining plan =
          new ForecastTraining(problem.task(), training, problem.cut(), problem.series());
      TrainingSetup setup = plan.setup(KernelSelection.kernels());
      float[] weights = setup.network().initialWeights(seed);
      megabytes =
          2.0 * weights.length * Float.BYTES * training.floatsPerWeight() * variant.rounds() / 1e6;
      long start = System.nanoTime();
      Progress end =
          LocalTraining.run(setup, plan.shards(), weights, threads, progress -> {}).progress();
      double seconds = (System.nanoTime() - start) * 1e-9;
      runs.add(
          new Comparison.Run(
              seed, end.bestValidationLoss(), end.validationLoss(), end.samples(), seconds));
      err()
          .printf(
              Locale.ROOT,
              "%s, %s, seed %d: best %.4f after %d of %d rounds, last %.4f, %,d samples, %.0f s%n",
              problem.name(),
              variant.name(),
              seed,
              end.bestValidationLoss(),
              end.bestRound(),
              end.round(),
              end.validationLoss(),
              end.samples(),
              seconds);
    }
    return new Comparison.Result(variant, variant.shards() == 1 ? 0 : megabytes, runs);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
