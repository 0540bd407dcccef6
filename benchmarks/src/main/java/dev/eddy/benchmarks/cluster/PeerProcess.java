package dev.eddy.benchmarks.cluster;

import dev.eddy.benchmarks.work.Contenders;
import dev.eddy.benchmarks.work.SeriesLearner;
import dev.eddy.benchmarks.work.SeriesWork;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.task.forecast.ForecastTraining;
import dev.eddy.model.train.Scorer;
import dev.eddy.model.train.StepMetrics;
import java.util.Locale;

/**
 * One contender's process: trains once, from the same weights on the same history, and says on
 * standard output where it stood and when.
 *
 * <p>Eddy's clock runs from the submission of the job to its end, loading and scoring included. The
 * others' runs while they train: their batches lie in native memory before, and scoring stops it.
 */
public final class PeerProcess {
  /** Before a point: seconds, samples, loss. */
  static final String POINT = "@point";

  /** Before the samples per second, when it is settled. */
  static final String RATE = "@rate";

  /** Eddy's name; others are found in {@link Contenders}. */
  static final String EDDY = "eddy";

  private static final double TOLERANCE = 1e-3;

  private PeerProcess() {}

  /**
   * Trains and ends the process.
   *
   * @param arguments name, threads, rounds, local steps
   */
  public static void main(String[] arguments) throws Exception {
    int threads = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    Setting setting = setting(threads, rounds, Integer.parseInt(arguments[3]));
    if (arguments[0].equals(EDDY)) {
      eddy(setting, threads);
    } else {
      peer(arguments[0], setting, threads);
    }
    System.exit(0);
  }

  /** As many shards as threads. */
  static Setting setting(int threads, int rounds, int localSteps) {
    return new Setting(64, 1, threads, localSteps, rounds, new Meters(64, 1500, 1));
  }

  private static void eddy(Setting setting, int slots) throws Exception {
    try (Stage stage = Stage.start(slots, setting.meters())) {
      JobRun run = new JobRun(setting);
      stage.train(setting, slots, run);
      run.curve().forEach(PeerProcess::say);
      say(RATE, run.rate());
    }
  }

  private static void peer(String name, Setting setting, int threads) throws Exception {
    ForecastTraining plan = setting.plan();
    SeriesData data = new SeriesData(setting, plan);
    SeriesData.HeldOut heldOut = data.heldOut();
    int steps = setting.shards() * setting.localSteps();
    SeriesWork work = data.work(threads, setting.rounds() * steps);
    try (SeriesLearner learner = Contenders.seriesLearner(name, work)) {
      check(name, plan, data, loss(learner, heldOut), setting);
      double seconds = 0;
      double[] rates = new double[setting.rounds()];
      for (int round = 0; round < setting.rounds(); round++) {
        long start = System.nanoTime();
        for (int step = 0; step < steps; step++) {
          learner.learn((round * steps + step) % work.x().size());
        }
        double took = (System.nanoTime() - start) * 1e-9;
        seconds += took;
        rates[round] = setting.samples(1) / took;
        say(new JobRun.Point(seconds, setting.samples(round + 1), loss(learner, heldOut)));
      }
      say(RATE, JobRun.settled(java.util.Arrays.stream(rates).boxed().toList()));
    }
  }

  private static double loss(SeriesLearner learner, SeriesData.HeldOut heldOut) {
    return heldOut.loss(learner.predict(heldOut.x(), heldOut.rows(), heldOut.time()));
  }

  /** Who starts from the same weights must begin with the same loss. */
  private static void check(
      String name, ForecastTraining plan, SeriesData data, double loss, Setting setting) {
    double own =
        new Scorer(plan.setup(KernelSelection.kernels()))
            .score(setting.start(), data.stretches(), StepMetrics.NONE)
            .mean(0);
    if (!(Math.abs(loss - own) <= TOLERANCE * own)) {
      throw new IllegalStateException(
          "%s begins with a loss of %s where Eddy begins with %s: it computes something else"
              .formatted(name, loss, own));
    }
  }

  private static void say(JobRun.Point point) {
    say(POINT, point.seconds(), point.samples(), point.loss());
  }

  private static void say(String what, Object... values) {
    StringBuilder line = new StringBuilder(what);
    for (Object value : values) {
      line.append(String.format(Locale.ROOT, " %s", value));
    }
    System.out.println(line);
  }
}
