package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.net.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class LocalTrainingTest {
  private static final Network NETWORK =
      Network.build(new Sequential(List.of(new Lstm(8), Dense.linear(1))), Shape.of(1));

  @Test
  void learnsToAddWhatItRemembers() {
    TrainingSpec spec = new TrainingSpec(2, 20, 20, 20, 8, 16, 8, 0.02, 1, 0, 1);
    List<ShardData> shards = new ArrayList<>();
    for (int shard = 0; shard < 2; shard++) {
      ToySeries series = new ToySeries(1500, shard);
      shards.add(
          new ShardData(
              shard, List.of(series.stretch(0, 1000)), List.of(series.stretch(1000, 1500))));
    }
    List<Progress> seen = new ArrayList<>();
    LocalTraining.Result result =
        LocalTraining.run(setup(spec), shards, NETWORK.initialWeights(1), 1, seen::add);

    // The target's variance, which is what predicting the mean costs, is 2 / 3.
    assertThat(result.progress().bestValidationLoss()).isLessThan(0.05);
    assertThat(seen).hasSize(21);
    assertThat(seen.get(0).validationLoss()).isGreaterThan(0.3);
    assertThat(result.progress().finished()).isTrue();
    assertThat(result.progress().round()).isEqualTo(20);
    double scored =
        new Scorer(setup(spec))
            .score(result.weights(), shards.get(0).validation(), StepMetrics.NONE)
            .plus(
                new Scorer(setup(spec))
                    .score(result.weights(), shards.get(1).validation(), StepMetrics.NONE))
            .mean(0);
    assertThat(scored).isEqualTo(result.progress().bestValidationLoss());
  }

  @Test
  void sameBitsWithAnyNumberOfThreads() {
    TrainingSpec spec = new TrainingSpec(3, 5, 4, 4, 4, 8, 8, 0.02, 1, 0.01, 1);
    LocalTraining.Result one = run(spec, shards(3), 1);
    LocalTraining.Result two = run(spec, shards(3), 2);
    assertThat(two.weights()).isEqualTo(one.weights());
    assertThat(two.progress()).isEqualTo(one.progress());
  }

  @Test
  void identicalShardsAverageToOneMachine() {
    // One segment per epoch, so that all shards see the same batch; one local step a round.
    TrainingSpec one = new TrainingSpec(1, 1, 10, 10, 4, 16, 0, 0.02, 1, 0, 1);
    TrainingSpec three = new TrainingSpec(3, 1, 10, 10, 4, 16, 0, 0.02, 1, 0, 1);
    Stretch stretch = new ToySeries(16, 1).stretch(0, 16);
    List<ShardData> same = new ArrayList<>();
    for (int shard = 0; shard < 3; shard++) {
      same.add(new ShardData(shard, List.of(stretch), List.of()));
    }
    float[] expected = run(one, same.subList(0, 1), 1).weights();
    assertThat(run(three, same, 1).weights()).isEqualTo(expected);
    assertThat(expected).isNotEqualTo(NETWORK.initialWeights(1));
  }

  @Test
  void anEmptyShardDoesNotStall() {
    TrainingSpec one = new TrainingSpec(1, 5, 3, 3, 4, 8, 8, 0.02, 1, 0, 1);
    TrainingSpec two = new TrainingSpec(2, 5, 3, 3, 4, 8, 8, 0.02, 1, 0, 1);
    List<ShardData> shards = new ArrayList<>(shards(1));
    float[] expected = run(one, shards, 1).weights();
    shards.add(new ShardData(1, List.of(), List.of()));
    assertThat(run(two, shards, 2).weights()).isEqualTo(expected);
  }

  @Test
  void stopsEarlyAndKeepsTheBest() {
    // Validation asks for the opposite of what is learned: every round makes it worse.
    TrainingSpec spec = new TrainingSpec(1, 10, 50, 3, 4, 8, 4, 0.05, 1, 0, 1);
    Stretch ones = new ToySeries(200, 1).withTarget(0, 200, 1f).stretch(0, 200);
    Stretch opposite = new ToySeries(200, 1).withTarget(0, 200, -9f).stretch(0, 200);
    List<ShardData> shards = List.of(new ShardData(0, List.of(ones), List.of(opposite)));
    LocalTraining.Result result = run(spec, shards, 1);
    assertThat(result.progress().finished()).isTrue();
    assertThat(result.progress().round()).isEqualTo(4);
    assertThat(result.progress().bestRound()).isZero();
    assertThat(result.weights()).isEqualTo(NETWORK.initialWeights(1));
  }

  @Test
  void divergenceIsReported() {
    TrainingSpec spec = new TrainingSpec(1, 5, 3, 3, 4, 8, 8, 1e38, Double.MAX_VALUE, 0, 1);
    assertThatThrownBy(() -> run(spec, shards(1), 1))
        .isInstanceOf(DivergenceException.class)
        .hasMessageContaining("round 0, shard 0")
        .hasMessageContaining("1.0E38");
  }

  @Test
  void refusesWrongShards() {
    TrainingSpec spec = new TrainingSpec(2, 5, 3, 3, 4, 8, 8, 0.01, 1, 0, 1);
    assertThatThrownBy(() -> run(spec, shards(3), 1))
        .hasMessage("training takes shards 0 to 1, each once, got [0, 1, 2]");
  }

  @Test
  void stopsWhenInterrupted() {
    TrainingSpec spec = new TrainingSpec(1, 5, 3, 3, 4, 8, 8, 0.01, 1, 0, 1);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> run(spec, shards(1), 1)).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private static List<ShardData> shards(int count) {
    List<ShardData> shards = new ArrayList<>();
    for (int shard = 0; shard < count; shard++) {
      ToySeries series = new ToySeries(200 + 50 * shard, shard);
      shards.add(
          new ShardData(shard, List.of(series.stretch(0, 150)), List.of(series.stretch(150, 200))));
    }
    return shards;
  }

  private static LocalTraining.Result run(TrainingSpec spec, List<ShardData> shards, int threads) {
    return LocalTraining.run(
        setup(spec), shards, NETWORK.initialWeights(1), threads, progress -> {});
  }

  private static TrainingSetup setup(TrainingSpec spec) {
    return new TrainingSetup(NETWORK, new SquaredError(1), spec, KernelSelection.kernels());
  }
}
