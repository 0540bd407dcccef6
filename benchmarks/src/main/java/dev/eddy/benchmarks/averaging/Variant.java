package dev.eddy.benchmarks.averaging;

import dev.eddy.model.train.Averaging;
import dev.eddy.model.train.LocalSteps;
import dev.eddy.model.train.Moments;
import dev.eddy.model.train.OuterStep;
import dev.eddy.model.train.TrainingSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A way to spend the same samples: shards x local steps x rounds x batch is the same for all, and
 * so is everything else.
 *
 * @param name in tables
 * @param shards how many
 * @param batch rows of a step
 * @param averaging when and how
 * @param rounds how often
 */
record Variant(String name, int shards, int batch, Averaging averaging, int rounds) {
  /** Shards of every variant that is no single machine. */
  static final int SHARDS = 4;

  /** Local steps of each of those. */
  static final int STEPS = 800;

  /** As many steps as all shards make together, each with a shard's batch. */
  static final String LONG = "one machine, 4 x steps";

  /**
   * As many steps as one shard makes, each with the union of all shards' batches: averaging after
   * every step.
   */
  static final String UNION = "one machine, 4 x batch";

  /** The one that the bar speaks of. */
  static final String BARRED = "nesterov, every 50";

  /**
   * All of them.
   *
   * @param batch of a shard
   * @param outer the Nesterov step that the bar speaks of
   */
  static List<Variant> all(int batch, OuterStep outer) {
    List<Variant> all = new ArrayList<>();
    // Both are validated as often as with averaging every 50: after as many samples.
    all.add(new Variant(UNION, 1, SHARDS * batch, Averaging.every(50), STEPS / 50));
    all.add(new Variant(LONG, 1, batch, Averaging.every(50 * SHARDS), STEPS / 50));
    Averaging every50 = Averaging.every(50);
    for (int k : new int[] {10, 50, 200}) {
      all.add(sharded("average, every " + k, batch, Averaging.every(k)));
    }
    all.add(sharded("average, 50, carry", batch, every50.withMoments(Moments.CARRY)));
    all.add(sharded("average, 50, reset", batch, every50.withMoments(Moments.RESET)));
    LocalSteps growing = LocalSteps.growing(10, 1.5, 200);
    all.add(sharded("average, 10 to 200", batch, every50.withLocalSteps(growing)));
    for (int k : new int[] {50, 200}) {
      all.add(sharded("nesterov, every " + k, batch, Averaging.every(k).withOuter(outer)));
    }
    OuterStep published = new OuterStep(OuterStep.Kind.NESTEROV, 0.7, 0.9);
    all.add(sharded("nesterov, 50, as DiLoCo", batch, every50.withOuter(published)));
    return all;
  }

  /** As many rounds as the steps take; where they grow, the steps come out a little different. */
  private static Variant sharded(String name, int batch, Averaging averaging) {
    int rounds = 1;
    while (averaging.localSteps().before(rounds + 1) <= STEPS) {
      rounds++;
    }
    return new Variant(name, SHARDS, batch, averaging, rounds);
  }

  TrainingSpec spec(Problem problem, long seed) {
    TrainingSpec usual = problem.training();
    return new TrainingSpec(
            shards,
            1,
            rounds,
            rounds + 1, // never stops early
            batch,
            usual.chunk(),
            usual.warmup(),
            usual.update(),
            seed)
        .withAveraging(averaging);
  }
}
