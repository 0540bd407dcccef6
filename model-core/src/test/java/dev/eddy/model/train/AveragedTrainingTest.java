package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.Optimiser;
import dev.eddy.model.optim.Sgd;
import dev.eddy.model.optim.Update;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards and coordinator together, beside plain loops over {@link TrainingStep}. */
class AveragedTrainingTest {
  private static final int T = 6;
  private static final int BATCH = 3;
  private static final Network NETWORK =
      Network.build(new Sequential(List.of(new Lstm(3), Dense.linear(1))), Shape.of(1));

  /**
   * The plain loop: one machine that takes the union of the shards' batches in every step. Shards
   * have different numbers of known targets, one has fewer rows than the batch.
   */
  @ParameterizedTest
  @CsvSource({"2, AVERAGE", "4, AVERAGE", "2, NESTEROV", "4, NESTEROV", "4, MOMENTUM"})
  void oneLocalStepOfSgdIsOneMachineOnTheUnion(int shards, OuterStep.Kind kind) {
    OuterStep outer =
        kind == OuterStep.Kind.AVERAGE ? OuterStep.AVERAGE : new OuterStep(kind, 1, 0);
    UpdateSpec sgd = UpdateSpec.of(new Sgd(), 0.1).withClip(Double.POSITIVE_INFINITY, 1e9);
    TrainingSpec spec = spec(shards, 50, sgd).withAveraging(Averaging.every(1).withOuter(outer));
    List<ShardData> data = data(shards);

    float[] expected = NETWORK.initialWeights(1);
    float[] start = expected.clone();
    try (TrainingStep step = step(sgd)) {
      for (int s = 0; s < 50; s++) {
        List<RowBlock> union = new ArrayList<>();
        for (ShardData shard : data) {
          union.add(block(spec, shard, s));
        }
        step.add(expected, union, s);
        step.update(expected, new float[0], new double[0], s);
      }
    }
    float[] weights = train(spec, data).weights();
    assertThat(distance(weights, expected)).isLessThan(1e-6);
    assertThat(distance(weights, start)).isGreaterThan(0.05);
  }

  /** The plain loop: every shard by itself for k steps, then the mean by known targets. */
  @ParameterizedTest
  @CsvSource({"AVERAGE, 3", "CARRY, 3", "RESET, 3", "AVERAGE, 0", "CARRY, 0", "RESET, 0"})
  void momentsAndStepsAreThoseOfAPlainLoop(Moments moments, int k) {
    LocalSteps steps = k == 0 ? LocalSteps.growing(2, 1.5, 7) : LocalSteps.every(k);
    TrainingSpec spec =
        new TrainingSpec(3, 1, 6, 9, BATCH, T, 0, 0.02, 1, 0.01, 1)
            .withAveraging(new Averaging(steps, moments, OuterStep.AVERAGE));
    List<ShardData> data = data(3);
    Optimiser adam = spec.update().optimiser();

    float[] expected = NETWORK.initialWeights(1);
    int n = expected.length;
    float[][] carried = {adam.newMoments(n), adam.newMoments(n), adam.newMoments(n)};
    int made = 0;
    try (TrainingStep step = step(spec.update())) {
      for (int round = 0; round < 6; round++) {
        double[] weightSums = new double[n];
        double[] momentSums = new double[2 * n];
        long samples = 0;
        for (ShardData shard : data) {
          float[] w = expected.clone();
          float[] m = carried[shard.shard()];
          if (moments == Moments.RESET) {
            m = adam.newMoments(n);
          }
          long known = 0;
          for (int i = 0; i < steps.in(round); i++) {
            int s = made + i;
            known += step.add(w, List.of(block(spec, shard, s)), s).count();
            // Adam counts from the beginning of its moments, the schedule from that of the run.
            step.update(w, m, new double[0], s, moments == Moments.RESET ? i : s);
          }
          carried[shard.shard()] = m;
          addTimes(w, known, weightSums);
          addTimes(m, known, momentSums);
          samples += known;
        }
        made += steps.in(round);
        expected = mean(weightSums, samples);
        if (moments == Moments.AVERAGE) {
          float[] mean = mean(momentSums, samples);
          carried = new float[][] {mean.clone(), mean.clone(), mean.clone()};
        }
      }
    }
    assertThat(train(spec, data).weights()).containsExactly(expected, within(1e-6f));
  }

  static List<Averaging> modes() {
    return AveragingModesTest.all().toList();
  }

  @ParameterizedTest
  @MethodSource("modes")
  void anEmptyShardChangesNothing(Averaging averaging) {
    // BMUF's momentum follows from the number of shards: the same for both runs here.
    TrainingSpec two = spec(2, 4, UpdateSpec.of(new Adam(), 0.02)).withAveraging(averaging);
    TrainingSpec three = spec(3, 4, UpdateSpec.of(new Adam(), 0.02)).withAveraging(averaging);
    List<ShardData> data = new ArrayList<>(data(2));
    float[] expected = train(two, data).weights();
    data.add(new ShardData(2, List.of(), List.of()));
    assertThat(train(three, data).weights()).isEqualTo(expected);
    assertThat(expected).isNotEqualTo(NETWORK.initialWeights(1));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aRestoredRunGoesOnToTheSameBits(Averaging averaging) {
    TrainingSpec spec = spec(2, 5, UpdateSpec.of(new Adam(), 0.02)).withAveraging(averaging);
    List<ShardData> data = data(2);
    float[] expected = train(spec, data).weights();
    RoundCoordinator coordinator = new RoundCoordinator(spec, NETWORK.initialWeights(1));
    while (!coordinator.finished()) {
      coordinator = RoundCoordinator.restore(spec, coordinator.snapshot());
      for (ShardData shard : data) {
        // A reader that comes anew.
        ShardTrainer trainer = new ShardTrainer(setup(spec), shard);
        coordinator.accept(trainer.run(coordinator.work(shard.shard())));
      }
    }
    assertThat(coordinator.bestWeights()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aRateThatIsTooHighEndsTheRun(Averaging averaging) {
    UpdateSpec update = UpdateSpec.of(new Adam(), 1e38).withClip(Double.MAX_VALUE, 1e38);
    TrainingSpec spec = spec(2, 9, update).withAveraging(averaging);
    assertThatThrownBy(() -> train(spec, data(2))).isInstanceOf(DivergenceException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anEpochShowsEverySegmentOnce(int shards) {
    TrainingSpec spec =
        spec(shards, 3, UpdateSpec.of(new Adam(), 0.02))
            .withAveraging(Averaging.every(1).withLocalSteps(LocalSteps.everyEpoch()));
    List<ShardData> data = data(shards);
    assertThatThrownBy(() -> new ShardTrainer(setup(spec), data.get(0)))
        .hasMessageContaining("resolve the specification");
    List<List<Integer>> lengths =
        data.stream().map(d -> d.train().stream().map(Stretch::length).toList()).toList();
    int steps = ShardTrainer.stepsPerEpoch(spec, lengths);
    // Shards hold 2, 7, 7, 7 segments, at most 3 of them in a step: 1, 3, 3, 3 steps, 2.5 in
    // the mean.
    assertThat(steps).isEqualTo(shards == 1 ? 1 : 3);
    ShardData last = data.get(shards - 1);
    ShardUpdate update =
        new ShardTrainer(setup(spec.resolved(steps)), last)
            .run(
                new RoundWork(
                    0, NETWORK.initialWeights(1), new float[2 * NETWORK.weightCount()], 0));
    assertThat(update.steps()).isEqualTo(steps);
  }

  @Test
  void theStepsOfAnEpochFollowFromTheLengths() {
    // Blocks of 2 chunks of 6 steps: 12 steps a segment.
    TrainingSpec spec = new TrainingSpec(3, 1, 1, 1, 2, 6, 6, 0.1, 1, 0, 1);
    List<Integer> five = List.of(12, 30, 5, 12); // 1 + 2 + 1 + 1 segments, 3 blocks of 2 steps
    assertThat(ShardTrainer.stepsPerEpoch(spec, List.of(five))).isEqualTo(6);
    assertThat(ShardTrainer.stepsPerEpoch(spec, List.of(five, List.of(12)))).isEqualTo(4);
    assertThat(ShardTrainer.stepsPerEpoch(spec, List.of(five, List.of()))).isEqualTo(6);
    assertThat(ShardTrainer.stepsPerEpoch(spec, List.of(List.of()))).isEqualTo(1);
  }

  private static TrainingSpec spec(int shards, int rounds, UpdateSpec update) {
    return new TrainingSpec(shards, 1, rounds, rounds + 1, BATCH, T, 0, update, 1);
  }

  private static TrainingSetup setup(TrainingSpec spec) {
    return new TrainingSetup(NETWORK, new SquaredError(1), spec, KernelSelection.kernels());
  }

  private static LocalTraining.Result train(TrainingSpec spec, List<ShardData> data) {
    return LocalTraining.run(setup(spec), data, NETWORK.initialWeights(1), 1, progress -> {});
  }

  private static TrainingStep step(UpdateSpec update) {
    return new TrainingStep(
        NETWORK,
        new SquaredError(1),
        new Update(update, NETWORK.params()),
        KernelSelection.kernels(),
        1,
        1);
  }

  /** Shard 0 has 2 segments, the others 7, with more unknown targets from shard to shard. */
  private static List<ShardData> data(int shards) {
    List<ShardData> data = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      int length = shard == 0 ? 2 * T : 7 * T;
      ToySeries series = new ToySeries(length, shard).withTarget(0, 4 * shard, Float.NaN);
      data.add(new ShardData(shard, List.of(series.stretch(0, length)), List.of()));
    }
    return data;
  }

  /** The rows of a shard's step, copied by hand; which they are is the seeded order's business. */
  private static RowBlock block(TrainingSpec spec, ShardData shard, int step) {
    Segments order = new Segments(shard.train(), T, spec.seed(), shard.shard());
    int rows = Math.min(BATCH, order.count());
    FloatSeq x = FloatSeq.zeros(T, rows, 1);
    FloatSeq y = FloatSeq.zeros(T, rows, 1);
    for (int b = 0; b < rows; b++) {
      Stretch row = order.at((long) step * rows + b);
      for (int t = 0; t < T; t++) {
        x.data()[t * rows + b] = ((ToySeries) row.series()).x[row.from() + t];
        row.series().target(row.from() + t, y.data(), t * rows + b);
      }
    }
    return new RowBlock(Bundle.of(x), Bundle.of(y), new float[rows * NETWORK.stateSize()]);
  }

  private static void addTimes(float[] values, long times, double[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += (double) times * values[i];
    }
  }

  private static float[] mean(double[] sums, long count) {
    float[] mean = new float[sums.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sums[i] / count);
    }
    return mean;
  }

  private static double distance(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs((double) a[i] - b[i]));
    }
    return most;
  }
}
