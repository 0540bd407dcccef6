package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.kernel.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundCoordinatorTest {
  private static final int N = 11;
  private static final int SHARDS = 5;
  private static final TrainingSpec SPEC = spec(SHARDS, 6, 3);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void orderOfArrivalDoesNotMatter(long seed) {
    RoundCoordinator inOrder = new RoundCoordinator(SPEC, weights(0));
    RoundCoordinator shuffled = new RoundCoordinator(SPEC, weights(0));
    Rng rng = new Rng(seed);
    while (!inOrder.finished()) {
      List<ShardUpdate> updates = updates(inOrder.work(0));
      updates.forEach(inOrder::accept);
      assertThat(inOrder.work(0).weights()[0]).isEqualTo((float) (5.0 / 13));
      while (!updates.isEmpty()) {
        shuffled.accept(updates.remove(rng.nextInt(updates.size())));
      }
      assertThat(shuffled.snapshot()).isEqualTo(inOrder.snapshot());
    }
    assertThat(shuffled.finished()).isTrue();
    assertThat(shuffled.bestWeights()).isEqualTo(inOrder.bestWeights());
  }

  @Test
  void averagesBySamplesInDoublePrecision() {
    TrainingSpec spec = spec(3, 2, 9);
    RoundCoordinator coordinator = new RoundCoordinator(spec, new float[] {0f});
    coordinator.accept(update(2, 0, new float[] {9f}, new float[] {9f, 9f}, 0, 1));
    coordinator.accept(update(0, 0, new float[] {1f}, new float[] {2f, 3f}, 1, 1));
    assertThat(coordinator.accept(update(1, 0, new float[] {5f}, new float[] {6f, 7f}, 3, 1)))
        .isTrue();

    RoundWork work = coordinator.work(0);
    assertThat(work.round()).isEqualTo(1);
    assertThat(work.weights()).containsExactly(4f);
    assertThat(work.moments()).containsExactly(5f, 6f);
    assertThat(coordinator.progress().samples()).isEqualTo(4);
    assertThat(coordinator.progress().round()).isEqualTo(1);
  }

  @Test
  void shardsThatAgreeAverageToExactlyThat() {
    RoundCoordinator coordinator = new RoundCoordinator(SPEC, weights(0));
    float[] made = weights(99);
    for (int shard = 0; shard < SHARDS; shard++) {
      coordinator.accept(update(shard, 0, made, new float[2 * N], 1_234_567, 1));
    }
    assertThat(coordinator.work(0).weights()).isEqualTo(made);
  }

  @Test
  void ignoresStaleAndDuplicateUpdates() {
    RoundCoordinator coordinator = new RoundCoordinator(SPEC, weights(0));
    List<ShardUpdate> round0 = updates(coordinator.work(0));
    assertThat(coordinator.accept(round0.get(1))).isFalse();
    assertThat(coordinator.accept(round0.get(1))).isFalse();
    round0.forEach(coordinator::accept);
    assertThat(coordinator.work(0).round()).isEqualTo(1);
    byte[] before = coordinator.snapshot();

    round0.forEach(update -> assertThat(coordinator.accept(update)).isFalse());
    assertThat(coordinator.snapshot()).isEqualTo(before);
  }

  @Test
  void snapshotInMidRoundGoesOnToTheSameBits() {
    RoundCoordinator whole = new RoundCoordinator(SPEC, weights(0));
    RoundCoordinator broken = new RoundCoordinator(SPEC, weights(0));
    while (!whole.finished()) {
      List<ShardUpdate> updates = updates(whole.work(0));
      broken.accept(updates.get(3));
      broken.accept(updates.get(0));
      broken = RoundCoordinator.restore(SPEC, broken.snapshot());
      assertThat(broken.work(0).round()).isEqualTo(whole.work(0).round());
      updates.forEach(whole::accept);
      updates.forEach(broken::accept);
      assertThat(broken.snapshot()).isEqualTo(whole.snapshot());
      assertThat(broken.progress()).isEqualTo(whole.progress());
    }
    assertThat(RoundCoordinator.restore(SPEC, broken.snapshot()).finished()).isTrue();
    assertThat(broken.bestWeights()).isEqualTo(whole.bestWeights());
  }

  @Test
  void refusesForeignSnapshots() {
    byte[] snapshot = new RoundCoordinator(SPEC, weights(0)).snapshot();
    assertThatThrownBy(() -> RoundCoordinator.restore(spec(SHARDS, 7, 3), snapshot))
        .hasMessageContaining("rounds=6")
        .hasMessageContaining("rounds=7");
    assertThatThrownBy(
            () -> RoundCoordinator.restore(SPEC, Arrays.copyOf(snapshot, snapshot.length - 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cut short");
    byte[] newer = snapshot.clone();
    newer[7] = 4;
    assertThatThrownBy(() -> RoundCoordinator.restore(SPEC, newer))
        .hasMessageContaining("version 4, this program reads version 3: start the training anew");
    newer[7] = 2;
    assertThatThrownBy(() -> RoundCoordinator.restore(SPEC, newer))
        .hasMessageContaining("version 2, this program reads version 3: start the training anew");
    assertThatThrownBy(() -> RoundCoordinator.restore(SPEC, new byte[64]))
        .hasMessageContaining("no snapshot");
  }

  @Test
  void patienceEndsTheRunAndTheBestIsKept() {
    TrainingSpec spec = spec(1, 100, 2);
    RoundCoordinator coordinator = new RoundCoordinator(spec, new float[] {0f});
    double[] validation = {5, 4, 3, 3.5, 3};
    for (int round = 0; round < validation.length; round++) {
      assertThat(coordinator.finished()).isFalse();
      coordinator.accept(
          update(0, round, new float[] {round + 1}, new float[2], 1, validation[round]));
    }
    assertThat(coordinator.finished()).isTrue();
    // The loss of 3 that came with round 2 belongs to the weights that round 1 made.
    assertThat(coordinator.bestWeights()).containsExactly(2f);
    assertThat(coordinator.progress().bestRound()).isEqualTo(2);
    assertThat(coordinator.progress().bestValidationLoss()).isEqualTo(3);
    assertThat(coordinator.progress().validationLoss()).isEqualTo(3);
    assertThat(coordinator.accept(update(0, 5, new float[1], new float[2], 1, 0))).isFalse();
  }

  @Test
  void theLastRoundsWeightsAreScoredToo() {
    TrainingSpec spec = spec(1, 2, 9);
    RoundCoordinator coordinator = new RoundCoordinator(spec, new float[] {0f});
    coordinator.accept(update(0, 0, new float[] {1f}, new float[2], 1, 3));
    coordinator.accept(update(0, 1, new float[] {2f}, new float[2], 1, 2));
    assertThat(coordinator.finished()).isFalse();
    assertThat(coordinator.work(0).round()).isEqualTo(2);
    coordinator.accept(update(0, 2, new float[] {2f}, new float[2], 0, 1));

    assertThat(coordinator.finished()).isTrue();
    assertThat(coordinator.bestWeights()).containsExactly(2f);
    assertThat(coordinator.progress()).isEqualTo(new Progress(2, 2, 1.0, 1, 2, 2, 1, true));
  }

  @Test
  void withoutValidationTheNewestWeightsAreTheBest() {
    TrainingSpec spec = spec(1, 2, 1);
    RoundCoordinator coordinator = new RoundCoordinator(spec, new float[] {0f});
    for (int round = 0; round <= 2; round++) {
      ShardUpdate scored = update(0, round, new float[] {round + 1}, new float[2], 1, 0);
      coordinator.accept(withValidation(scored, new ScoreSum(0, new double[1])));
    }
    assertThat(coordinator.finished()).isTrue();
    assertThat(coordinator.bestWeights()).containsExactly(2f);
  }

  @Test
  void divergenceIsReportedAndNeverAveraged() {
    RoundCoordinator coordinator = new RoundCoordinator(SPEC, weights(0));
    updates(coordinator.work(0)).forEach(coordinator::accept);
    byte[] before = coordinator.snapshot();
    float[] broken = weights(1);
    broken[7] = Float.POSITIVE_INFINITY;
    List<ShardUpdate> bad =
        List.of(
            update(2, 1, broken, new float[2 * N], 1, 1),
            update(2, 1, weights(1), withNaN(2 * N), 1, 1),
            update(2, 1, weights(1), new float[2 * N], 1, Double.NaN),
            new ShardUpdate(
                2, 1, weights(1), new float[2 * N], 1, 1, Double.NaN, 0.1, score(1), 0));
    for (ShardUpdate update : bad) {
      assertThatThrownBy(() -> coordinator.accept(update))
          .isInstanceOf(DivergenceException.class)
          .hasMessageContaining("round 1, shard 2")
          .hasMessageContaining("learning rate (now 0.01)");
    }
    assertThat(coordinator.snapshot()).isEqualTo(before);
    for (float weight : coordinator.bestWeights()) {
      assertThat(weight).isFinite();
    }
    // A good update of that shard is still welcome.
    updates(coordinator.work(0)).forEach(coordinator::accept);
    assertThat(coordinator.work(0).round()).isEqualTo(2);
  }

  @Test
  void refusesUpdatesOfAnotherRun() {
    RoundCoordinator coordinator = new RoundCoordinator(SPEC, weights(0));
    assertThatThrownBy(
            () -> coordinator.accept(update(0, 0, new float[N + 1], new float[2 * N], 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("12 weights");
    assertThatThrownBy(
            () -> coordinator.accept(update(SHARDS, 0, weights(0), new float[2 * N], 1, 1)))
        .hasMessageContaining("shard 5");
  }

  @Test
  void aRunWithNothingToLearnFromFails() {
    RoundCoordinator coordinator = new RoundCoordinator(spec(1, 3, 3), new float[1]);
    assertThatThrownBy(() -> coordinator.accept(update(0, 0, new float[1], new float[2], 0, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nothing to learn from");
  }

  private static TrainingSpec spec(int shards, int rounds, int patience) {
    return new TrainingSpec(shards, 1, rounds, patience, 1, 1, 0, 0.01, 1, 0, 1);
  }

  /** What shards would send: some function of the round's weights, with weights of their own. */
  private static List<ShardUpdate> updates(RoundWork work) {
    List<ShardUpdate> updates = new ArrayList<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      Rng rng = Rng.of(42, shard, work.round());
      float[] weights = work.weights().clone();
      float[] moments = work.moments().clone();
      for (int i = 0; i < weights.length; i++) {
        weights[i] += (float) rng.nextGaussian();
      }
      for (int i = 0; i < moments.length; i++) {
        moments[i] += (float) rng.nextGaussian();
      }
      // Weight 0 cancels in the sum: what is left depends on the order of adding.
      weights[0] = shard == 0 ? 4e30f : shard == 3 ? -1e30f : 1f;
      long samples = shard == 1 ? 0 : 1 + shard;
      double lossSum = rng.nextDouble() * samples;
      ScoreSum validation = new ScoreSum(7, new double[] {rng.nextDouble()});
      updates.add(
          new ShardUpdate(
              shard, work.round(), weights, moments, 1, samples, lossSum, 0.1, validation, 0));
    }
    return updates;
  }

  private static ShardUpdate update(
      int shard, int round, float[] weights, float[] moments, long samples, double validation) {
    return new ShardUpdate(
        shard, round, weights, moments, 1, samples, samples, 0.1, score(validation), 0);
  }

  private static ShardUpdate withValidation(ShardUpdate u, ScoreSum validation) {
    return new ShardUpdate(
        u.shard(),
        u.round(),
        u.weights(),
        u.moments(),
        u.steps(),
        u.samples(),
        u.lossSum(),
        u.rate(),
        validation,
        0);
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

  private static float[] withNaN(int n) {
    float[] values = new float[n];
    values[n / 2] = Float.NaN;
    return values;
  }
}
