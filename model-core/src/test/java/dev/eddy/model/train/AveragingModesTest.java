package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the coordinator does in every mode of averaging, with updates made up here. */
class AveragingModesTest {
  private static final int N = 9;
  private static final int SHARDS = 4;

  /** Every way to treat moments with every outer step, local steps growing. */
  static Stream<Averaging> all() {
    List<Averaging> all = new ArrayList<>();
    for (Moments moments : Moments.values()) {
      for (OuterStep.Kind kind : OuterStep.Kind.values()) {
        all.add(new Averaging(LocalSteps.growing(2, 1.5, 7), moments, OuterStep.of(kind, SHARDS)));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void neitherTheOrderOfArrivalNorARestoreChangesABit(Averaging averaging) {
    TrainingSpec spec = spec(8).withAveraging(averaging);
    RoundCoordinator inOrder = new RoundCoordinator(spec, weights(0));
    RoundCoordinator shuffled = new RoundCoordinator(spec, weights(0));
    Rng rng = new Rng(7);
    while (!inOrder.finished()) {
      List<ShardUpdate> updates = updates(inOrder);
      updates.forEach(inOrder::accept);
      ShardUpdate lost = updates(shuffled).get(rng.nextInt(SHARDS));
      shuffled.accept(lost);
      shuffled = RoundCoordinator.restore(spec, shuffled.snapshot());
      List<ShardUpdate> again = updates(shuffled);
      while (!again.isEmpty()) {
        shuffled.accept(again.remove(rng.nextInt(again.size())));
      }
      assertThat(shuffled.snapshot()).isEqualTo(inOrder.snapshot());
    }
    assertThat(shuffled.finished()).isTrue();
    assertThat(shuffled.bestWeights()).isEqualTo(inOrder.bestWeights()).isNotEqualTo(weights(0));
  }

  @ParameterizedTest
  @MethodSource("all")
  void theBytesOfASnapshotAreKnownBeforehand(Averaging averaging) {
    TrainingSpec spec = spec(8).withAveraging(averaging);
    int count = 10_000;
    assertThat(new RoundCoordinator(spec, new float[count]).snapshot().length)
        .isBetween(
            (int) RoundCoordinator.snapshotBytes(spec, count),
            (int) RoundCoordinator.snapshotBytes(spec, count) + 4 * count - 1);
  }

  @ParameterizedTest
  @MethodSource("all")
  void fiftyRoundsAsInDoublePrecision(Averaging averaging) {
    TrainingSpec spec = spec(50).withAveraging(averaging);
    RoundCoordinator coordinator = new RoundCoordinator(spec, weights(0));
    OuterStep outer = averaging.outer();
    double[] w = doubles(weights(0));
    double[] v = new double[N];
    for (int round = 0; round < 50; round++) {
      List<ShardUpdate> updates = updates(coordinator);
      for (int i = 0; i < N; i++) {
        double sum = 0;
        double samples = 0;
        for (ShardUpdate update : updates) {
          sum += (double) update.samples() * update.weights()[i];
          samples += update.samples();
        }
        double g = w[i] - sum / samples;
        v[i] = outer.momentum() * v[i] + g;
        w[i] -=
            switch (outer.kind()) {
              case AVERAGE -> g;
              case MOMENTUM -> outer.rate() * v[i];
              case NESTEROV -> outer.rate() * (g + outer.momentum() * v[i]);
            };
      }
      updates.forEach(coordinator::accept);
      for (int i = 0; i < N; i++) {
        assertThat((double) coordinator.work(0).weights()[i]).isCloseTo(w[i], within(1e-5));
      }
    }
  }

  @Test
  void carriedMomentsComeBackToTheirShardWithTheirAge() {
    TrainingSpec spec = spec(9).withAveraging(Averaging.every(3).withMoments(Moments.CARRY));
    RoundCoordinator coordinator = new RoundCoordinator(spec, weights(0));
    float[][] own = new float[SHARDS][2 * N];
    for (int round = 0; round < 3; round++) {
      coordinator = RoundCoordinator.restore(spec, coordinator.snapshot());
      for (int shard = 0; shard < SHARDS; shard++) {
        RoundWork work = coordinator.work(shard);
        assertThat(work.moments()).isEqualTo(own[shard]);
        // Shard 1 has nothing to learn from: its moments stay zero, its age too.
        assertThat(work.age()).isEqualTo(shard == 1 ? 0 : 3L * round);
      }
      for (ShardUpdate update : updates(coordinator)) {
        if (update.samples() > 0) {
          own[update.shard()] = update.moments();
        }
        coordinator.accept(update);
      }
    }
  }

  @Test
  void averagedMomentsAreAsOldAsTheOldest() {
    RoundCoordinator coordinator = new RoundCoordinator(spec(9), weights(0));
    List<ShardUpdate> updates = updates(coordinator);
    updates.forEach(coordinator::accept);
    assertThat(coordinator.work(2).age()).isEqualTo(3);
  }

  @Test
  void withFreshMomentsOnlyWeightsTravel() {
    TrainingSpec spec = spec(9).withAveraging(Averaging.every(3).withMoments(Moments.RESET));
    assertThat(spec(9).floatsPerWeight()).isEqualTo(3);
    assertThat(spec.floatsPerWeight()).isEqualTo(1);
    RoundCoordinator coordinator = new RoundCoordinator(spec, weights(0));
    updates(coordinator).forEach(coordinator::accept);
    assertThat(coordinator.work(0).moments()).isEmpty();
    assertThat(coordinator.work(0).age()).isZero();
    assertThatThrownBy(
            () -> coordinator.accept(update(0, 1, weights(1), new float[2 * N], 3, score(1))))
        .hasMessageContaining("0 moments and 1 validation sum");
  }

  @ParameterizedTest
  @MethodSource("all")
  void aShardWithoutSamplesHasNoWeight(Averaging averaging) {
    TrainingSpec spec = spec(3).withAveraging(averaging);
    RoundCoordinator with = new RoundCoordinator(spec, weights(0));
    RoundCoordinator other = new RoundCoordinator(spec, weights(0));
    List<ShardUpdate> updates = updates(with);
    updates.forEach(with::accept);
    ShardUpdate empty = updates.get(1);
    updates.set(1, update(1, 0, weights(77), empty.moments(), 0, empty.validation()));
    updates.forEach(other::accept);
    assertThat(other.snapshot()).isEqualTo(with.snapshot());
  }

  @ParameterizedTest
  @MethodSource("all")
  void aRoundIsCompletedWithoutStragglers(Averaging averaging) {
    TrainingSpec spec = spec(5).withAveraging(averaging);
    RoundCoordinator coordinator = new RoundCoordinator(spec, weights(0));
    updates(coordinator).forEach(coordinator::accept);
    float[] moments3 = coordinator.work(3).moments();
    List<ShardUpdate> updates = updates(coordinator);
    coordinator.accept(updates.get(2));
    assertThat(coordinator.missing()).containsExactly(0, 1, 3);
    coordinator.accept(updates.get(0));
    assertThat(coordinator.missing()).containsExactly(1, 3);

    coordinator.completeWithoutMissing();
    assertThat(coordinator.work(0).round()).isEqualTo(2);
    assertThat(coordinator.lastRound().dropped()).containsExactly(1, 3);
    assertThat(coordinator.lastRound().shards())
        .extracting(RoundSummary.Shard::shard)
        .containsExactly(0, 2);
    assertThat(coordinator.lastRound().samples())
        .isEqualTo(updates.get(0).samples() + updates.get(2).samples());
    if (averaging.moments() == Moments.CARRY) {
      assertThat(coordinator.work(3).moments()).isEqualTo(moments3);
      assertThat(coordinator.work(3).age()).isEqualTo(3);
      assertThat(coordinator.work(2).age()).isEqualTo(6);
    }
    byte[] before = coordinator.snapshot();
    assertThat(coordinator.accept(updates.get(3))).as("too late").isFalse();
    assertThat(coordinator.snapshot()).isEqualTo(before);
    assertThat(coordinator.missing()).containsExactly(0, 1, 2, 3);
    if (averaging.outer().kind() == OuterStep.Kind.AVERAGE) {
      double w0 = (double) updates.get(0).samples();
      double w2 = (double) updates.get(2).samples();
      double sum = w0 * updates.get(0).weights()[5] + w2 * updates.get(2).weights()[5];
      assertThat(coordinator.work(0).weights()[5]).isEqualTo((float) (sum / (w0 + w2)));
    }
  }

  @Test
  void aRoundNeedsSomebodyWhoLearned() {
    RoundCoordinator coordinator = new RoundCoordinator(spec(1), weights(0));
    List<ShardUpdate> updates = updates(coordinator);
    coordinator.accept(updates.get(1));
    assertThatThrownBy(coordinator::completeWithoutMissing)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("round 0 cannot be completed without shards [0, 2, 3]: no other");
    coordinator.accept(updates.get(3));
    coordinator.completeWithoutMissing();

    // The round that only scores: whoever came is enough.
    assertThatThrownBy(coordinator::completeWithoutMissing).hasMessageContaining("no other");
    coordinator.accept(updates(coordinator).get(1));
    coordinator.completeWithoutMissing();
    assertThat(coordinator.finished()).isTrue();
    assertThat(coordinator.missing()).isEmpty();
    assertThatThrownBy(coordinator::completeWithoutMissing).hasMessageContaining("none is missing");
  }

  @Test
  void roundsAreComparedByTheShardsThatScoredBoth() {
    TrainingSpec spec = new TrainingSpec(2, 1, 9, 9, 1, 1, 0, 0.01, 1, 0, 1);
    RoundCoordinator coordinator = new RoundCoordinator(spec, weights(0));
    // Shard 1's data is harder: without it a round's loss is lower, and says nothing.
    coordinator.accept(update(0, 0, weights(1), new float[2 * N], 1, score(1)));
    coordinator.accept(update(1, 0, weights(1), new float[2 * N], 1, score(9)));
    assertThat(coordinator.progress().bestValidationLoss()).isEqualTo(5);

    coordinator.accept(update(0, 1, weights(2), new float[2 * N], 1, score(1.1)));
    coordinator.completeWithoutMissing();
    assertThat(coordinator.progress().validationLoss()).isEqualTo(1.1);
    assertThat(coordinator.progress().bestRound()).isZero();

    coordinator = RoundCoordinator.restore(spec, coordinator.snapshot());
    coordinator.accept(update(0, 2, weights(3), new float[2 * N], 1, score(0.9)));
    coordinator.completeWithoutMissing();
    assertThat(coordinator.progress().bestRound()).isEqualTo(2);

    coordinator.accept(update(0, 3, weights(3), new float[2 * N], 1, score(0.8)));
    coordinator.accept(update(1, 3, weights(3), new float[2 * N], 1, score(20)));
    assertThat(coordinator.progress().bestRound()).isEqualTo(3);
  }

  @Test
  void aRoundIsSummedUp() {
    RoundCoordinator coordinator = new RoundCoordinator(spec(1), weights(0));
    assertThat(coordinator.lastRound()).isNull();
    List<ShardUpdate> updates = updates(coordinator);
    updates.forEach(coordinator::accept);
    RoundSummary summary = coordinator.lastRound();
    assertThat(summary.round()).isZero();
    assertThat(summary.rate()).isEqualTo(0.125);
    assertThat(summary.loss()).isEqualTo(coordinator.progress().loss());
    assertThat(summary.validationLoss()).isEqualTo(coordinator.progress().validationLoss());
    assertThat(summary.samples()).isEqualTo(coordinator.progress().samples());
    assertThat(summary.dropped()).isEmpty();
    assertThat(summary.shards())
        .element(2)
        .isEqualTo(
            new RoundSummary.Shard(
                2, 3, 12, updates.get(2).lossSum() / 12, updates.get(2).nanos()));
    assertThat(summary.shards().get(1).loss()).isNaN();
  }

  /** Each number is finite, and so is the average; momentum carries it away. */
  @Test
  void anOuterStepThatRunsAwayEndsTheRun() {
    TrainingSpec spec =
        spec(200)
            .withAveraging(
                Averaging.every(1)
                    .withMoments(Moments.RESET)
                    .withOuter(new OuterStep(OuterStep.Kind.NESTEROV, 10, 0.999)));
    RoundCoordinator coordinator = new RoundCoordinator(spec, weights(0));
    assertThatThrownBy(
            () -> {
              while (!coordinator.finished()) {
                float[] w = coordinator.work(0).weights().clone();
                for (int i = 0; i < w.length; i++) {
                  w[i] = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, 5 * w[i]));
                }
                for (int shard = 0; shard < SHARDS; shard++) {
                  coordinator.accept(
                      update(shard, coordinator.work(0).round(), w, new float[0], 1, score(1)));
                }
              }
            })
        .isInstanceOf(DivergenceException.class)
        .hasMessageContaining("the outer step: the weights");
    for (float weight : coordinator.bestWeights()) {
      assertThat(weight).isFinite();
    }
  }

  private static TrainingSpec spec(int rounds) {
    return new TrainingSpec(SHARDS, 3, rounds, rounds + 1, 1, 1, 0, 0.01, 1, 0, 1);
  }

  /** What shards would send: shard 1 has nothing to learn from. */
  private static List<ShardUpdate> updates(RoundCoordinator coordinator) {
    List<ShardUpdate> updates = new ArrayList<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      RoundWork work = coordinator.work(shard);
      Rng rng = Rng.of(42, shard, work.round());
      float[] weights = work.weights().clone();
      float[] moments = work.moments().clone();
      for (int i = 0; i < N; i++) {
        weights[i] += 0.1f * (float) rng.nextGaussian() - 0.05f * weights[i];
      }
      long samples = shard == 1 ? 0 : 4L * (shard + 1);
      for (int i = 0; i < moments.length && samples > 0; i++) {
        moments[i] += (float) rng.nextGaussian();
      }
      updates.add(
          update(
              shard,
              work.round(),
              weights,
              moments,
              samples,
              new ScoreSum(7, new double[] {rng.nextDouble()})));
    }
    return updates;
  }

  private static ShardUpdate update(
      int shard, int round, float[] weights, float[] moments, long samples, ScoreSum validation) {
    int steps = samples == 0 ? 0 : 3;
    return new ShardUpdate(
        shard, round, weights, moments, steps, samples, 0.5 * samples, 0.125, validation, 9);
  }

  private static ScoreSum score(double loss) {
    return new ScoreSum(1, new double[] {loss});
  }

  private static float[] weights(long seed) {
    Rng rng = new Rng(seed);
    float[] weights = new float[N];
    for (int i = 0; i < N; i++) {
      weights[i] = (float) rng.nextGaussian();
    }
    return weights;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
