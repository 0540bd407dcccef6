package dev.eddy.benchmarks.cluster;

import dev.eddy.benchmarks.run.BenchException;
import dev.eddy.benchmarks.run.OutputFiles;
import dev.eddy.benchmarks.run.Report;
import dev.eddy.benchmarks.work.Ceiling;
import dev.eddy.benchmarks.work.Contenders;
import dev.eddy.jobs.train.TrainingFailedException;
import dev.eddy.model.task.forecast.ForecastTraining;
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

/** Measures the whole training job. */
@Command(
    name = "cluster",
    description = {
      "The whole training job, Flink and Kafka in this process: samples per second over slots,",
      "beside the same shards on threads, and beside threads that share nothing.",
      "With --peers: on two slots beside DJL with PyTorch and DL4J on two threads, and the time to the same loss."
    },
    footer = {
      "",
      "Examples:",
      "  eddy bench cluster --quick",
      "  eddy bench cluster --layers 2 --json benchmarks/results/cluster.json",
      "  EDDY_JAVA_OPTS='-Xmx8g -XX:+UseParallelGC' eddy bench cluster --slots 1,2,4,8,16",
      "  eddy bench cluster --peers --json benchmarks/results/cluster-peers.json"
    })
public final class ClusterCommand implements Callable<Integer> {
  private static final int KERNEL_MILLIS = 1000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--peers",
      description = "Compare with DJL-PyTorch and DL4J. Their jars are downloaded the first time.")
  private boolean peers;

  @Option(names = "--quick", description = "A first impression: one sitting, fewer rounds.")
  private boolean quick;

  @Option(
      names = "--slots",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2",
      description = "Slots to train on, 1 among them. Default: ${DEFAULT-VALUE}.")
  private List<Integer> slots;

  @Option(
      names = "--shards",
      paramLabel = "N",
      description = "Shards, the same for all. Default: 4, or as many as slots.")
  private Integer shards;

  @Option(
      names = "--units",
      paramLabel = "H",
      defaultValue = "64",
      description = "Units of each LSTM layer. Default: ${DEFAULT-VALUE}.")
  private int units;

  @Option(
      names = "--layers",
      paramLabel = "L",
      defaultValue = "1",
      description = "LSTM layers; two of 64 units have 0.2 MB of weights. Default: 1.")
  private int layers;

  @Option(
      names = "--local-steps",
      paramLabel = "K",
      defaultValue = "50",
      description = "Optimiser steps of a shard in a round. Default: ${DEFAULT-VALUE}.")
  private int localSteps;

  @Option(
      names = "--sittings",
      paramLabel = "N",
      description = "How often everybody is measured, in turns. Default: 5, with --quick 1.")
  private Integer sittings;

  @Option(names = "--json", paramLabel = "OUT", description = "Also write the rows as JSON.")
  private Path json;

  @Override
  public Integer call() throws Exception {
    check();
    if (peers) {
      return compare();
    }
    Setting setting = setting();
    Scaling scaling = measure(setting);
    spec.commandLine().getOut().println(ScalingTables.text(setting, scaling, slots));
    if (json != null) {
      String command = Report.command(spec);
      Report.write(
          json, Report.text(ScalingTables.json(command, sittings(), setting, scaling, slots)));
    }
    return 0;
  }

  private int compare() {
    PeerComparison comparison = new PeerComparison(quick);
    comparison.run(sittings(), line -> progress("%s", line));
    spec.commandLine().getOut().println(comparison.text());
    if (json != null) {
      Report.write(json, Report.text(comparison.json(Report.command(spec))));
    }
    return 0;
  }

  private void check() {
    OutputFiles.checkFile(spec, "--json", json);
    if (slots.stream().anyMatch(count -> count < 1 || count > 64) || !slots.contains(1)) {
      throw usage("--slots: expected numbers from 1 to 64, 1 among them, got %s".formatted(slots));
    }
    if (shards != null && shards < mostSlots()) {
      throw usage(
          "--shards: expected at least as many as slots (%d), got %d"
              .formatted(mostSlots(), shards));
    }
    if (units < 1 || units > 512 || layers < 1 || layers > 4 || localSteps < 1) {
      throw usage(
          "--units must be from 1 to 512, --layers from 1 to 4, --local-steps at least 1, got %d, %d, %d"
              .formatted(units, layers, localSteps));
    }
    if (sittings() < 1) {
      throw usage("--sittings must be at least 1, got %d".formatted(sittings()));
    }
    if (peers && !Contenders.peersAreThere()) {
      throw usage("--peers: the other libraries are not in this build; start it with ./eddy");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int sittings() {
    return sittings != null ? sittings : quick ? 1 : 5;
  }

  private int mostSlots() {
    return slots.stream().mapToInt(Integer::intValue).max().orElseThrow();
  }

  private Setting setting() {
    int count = shards != null ? shards : Math.max(4, mostSlots());
    // Enough segments of training for every shard to fill its batches.
    Meters meters = new Meters(Math.max(64, 16 * count), 1500, 1);
    return new Setting(units, layers, count, localSteps, quick ? 6 : 15, meters);
  }

  /** Everybody in turns, in an order that rotates, so that a neighbour harms all alike. */
  private Scaling measure(Setting setting) throws Exception {
    ForecastTraining plan = setting.plan();
    Scaling scaling = new Scaling();
    progress("starting broker and cluster");
    try (Stage stage = Stage.start(mostSlots(), setting.meters())) {
      progress("warming up");
      job(stage, setting, mostSlots());
      threads(setting, plan, mostSlots());
      List<Scaling.Kind> kinds = new ArrayList<>(List.of(Scaling.Kind.values()));
      for (int sitting = 0; sitting < sittings(); sitting++) {
        for (int turn = 0; turn < kinds.size(); turn++) {
          Scaling.Kind kind = kinds.get((sitting + turn) % kinds.size());
          for (int i = 0; i < slots.size(); i++) {
            int count = slots.get((sitting + i) % slots.size());
            progress("sitting %d: %s, %d slots", sitting + 1, kind.title(), count);
            if (kind == Scaling.Kind.JOB) {
              JobRun run = job(stage, setting, count);
              scaling.add(kind, count, run.rate());
              scaling.addOverhead(count, run.overhead(), run.averaging());
            } else if (kind == Scaling.Kind.THREADS) {
              scaling.add(kind, count, threads(setting, plan, count));
            } else {
              double rate = Ceiling.samplesPerSecond(count, units, layers, KERNEL_MILLIS);
              scaling.add(kind, count, rate);
            }
          }
        }
      }
    }
    return scaling;
  }

  private static JobRun job(Stage stage, Setting setting, int slots) throws Exception {
    JobRun run = new JobRun(setting);
    try {
      stage.train(setting, slots, run);
    } catch (TrainingFailedException e) {
      throw new BenchException("the training job failed: " + e.getMessage());
    }
    return run;
  }

  /** Samples per second of the same shards without Flink. */
  private static double threads(Setting setting, ForecastTraining plan, int threads) {
    List<Double> rates = new ArrayList<>();
    long[] last = {System.nanoTime(), 0};
    setting.trainLocally(
        plan,
        threads,
        progress -> {
          long now = System.nanoTime();
          long learned = progress.samples() - last[1];
          if (learned > 0) {
            rates.add(learned * 1e9 / Setting.HORIZON / (now - last[0]));
          }
          last[0] = now;
          last[1] = progress.samples();
        });
    return JobRun.settled(rates);
  }

  private void progress(String format, Object... values) {
    spec.commandLine().getErr().println(String.format(Locale.ROOT, format, values));
  }
}
