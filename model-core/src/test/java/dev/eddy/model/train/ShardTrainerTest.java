package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.loss.StepLoss;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Adam;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardTrainerTest {
  private static final LayerSpec LSTM = new Sequential(List.of(new Lstm(4), Dense.linear(1)));

  @Test
  void isAPureFunctionOfItsWork() {
    TrainingSpec spec = new TrainingSpec(1, 7, 5, 5, 3, 8, 6, 0.01, 1, 0.01, 9);
    ShardData data =
        data(new ToySeries(200, 1).stretch(10, 150), new ToySeries(90, 2).stretch(0, 80));
    TrainingSetup setup = setup(LSTM, new SquaredError(1), spec);
    ShardTrainer used = new ShardTrainer(setup, data);
    float[] weights = setup.network().initialWeights(1);
    float[] kept = weights.clone();
    RoundWork work2 = new RoundWork(2, weights, new Adam().newMoments(weights.length), 0);
    used.run(new RoundWork(0, weights, new Adam().newMoments(weights.length), 0));
    ShardUpdate second = used.run(work2);
    ShardUpdate again = new ShardTrainer(setup, data).run(work2);

    assertThat(second.weights()).isEqualTo(again.weights()).isNotEqualTo(weights);
    assertThat(second.moments()).isEqualTo(again.moments());
    assertThat(second.lossSum()).isEqualTo(again.lossSum());
    assertThat(second.samples()).isEqualTo(again.samples()).isPositive();
    assertThat(second.round()).isEqualTo(2);
    assertThat(weights).isEqualTo(kept);
    assertThat(work2.moments()).containsOnly(0f);
  }

  @Test
  void warmsEachRowOverItsOwnPast() {
    // Two segments of 16 steps in one block: one has 5 steps before it, the other the full 8.
    TrainingSpec spec = new TrainingSpec(1, 4, 1, 1, 2, 4, 8, 0.01, 1, 0, 1);
    ToySeries ones = new ToySeries(37, 1);
    java.util.Arrays.fill(ones.x, 1f);
    Recorder recorder = new Recorder();
    TrainingSetup setup = setup(new RunningSum(), recorder, spec);
    new ShardTrainer(setup, data(ones.withTarget(0, 37, 0).stretch(5, 37)))
        .run(new RoundWork(0, new float[] {1f}, new Adam().newMoments(1), 0));

    List<Float> expected = new ArrayList<>();
    for (int t = 0; t < 16; t++) {
      expected.add(5f + t + 1);
      expected.add(8f + t + 1);
    }
    assertThat(recorder.outputs).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void aRowFromTheBeginningOfItsSeriesTeachesTheInitialState() {
    TrainingSpec spec = new TrainingSpec(1, 4, 1, 1, 1, 4, 8, 0.01, 1, 0, 1);
    TrainingSetup setup =
        setup(
            Sequential.of(Gru.of(3).withLearnedState(), Dense.linear(1)),
            new SquaredError(1),
            spec);
    float[] weights = setup.network().initialWeights(1);
    int h0 = setup.network().offset("gru0.h0");
    ToySeries series = new ToySeries(40, 1);
    assertThat(afterARound(setup, series.stretch(0, 16), weights)[h0]).isNotEqualTo(weights[h0]);
    assertThat(afterARound(setup, series.stretch(20, 36), weights)[h0]).isEqualTo(weights[h0]);
  }

  private static float[] afterARound(TrainingSetup setup, Stretch stretch, float[] weights) {
    return new ShardTrainer(setup, data(stretch))
        .run(new RoundWork(0, weights, new Adam().newMoments(weights.length), 0))
        .weights();
  }

  @Test
  void aShardWithNothingToLearnFromReturnsWhatItGot() {
    TrainingSpec spec = new TrainingSpec(1, 4, 3, 3, 2, 4, 2, 0.01, 1, 0, 1);
    TrainingSetup setup = setup(LSTM, new SquaredError(1), spec);
    float[] weights = setup.network().initialWeights(1);
    ToySeries unknown = new ToySeries(50, 1).withTarget(0, 40, Float.NaN);
    for (ShardData data : List.of(data(), data(unknown.stretch(0, 40)))) {
      ShardUpdate update =
          new ShardTrainer(setup, data)
              .run(new RoundWork(1, weights, new Adam().newMoments(weights.length), 0));
      assertThat(update.samples()).isZero();
      assertThat(update.lossSum()).isZero();
      assertThat(update.weights()).isEqualTo(weights);
      assertThat(update.moments()).containsOnly(0f);
    }
  }

  @Test
  void theLastRoundOnlyScores() {
    TrainingSpec spec = new TrainingSpec(1, 4, 3, 3, 2, 4, 2, 0.01, 1, 0, 1);
    TrainingSetup setup = setup(LSTM, new SquaredError(1), spec);
    float[] weights = setup.network().initialWeights(1);
    Stretch stretch = new ToySeries(50, 1).stretch(2, 40);
    ShardData data = new ShardData(0, List.of(stretch), List.of(stretch));
    ShardUpdate update =
        new ShardTrainer(setup, data)
            .run(new RoundWork(3, weights, new Adam().newMoments(weights.length), 0));
    assertThat(update.samples()).isZero();
    assertThat(update.weights()).isEqualTo(weights);
    assertThat(update.validation().count()).isEqualTo(38);
  }

  @Test
  void stepsOverUnknownTargetsUntilTheStepsAreMade() {
    // Half of the targets are unknown, yet all 4 local steps are made, each from 4 known targets.
    TrainingSpec spec = new TrainingSpec(1, 4, 1, 1, 1, 4, 0, 0.01, 1, 0, 1);
    TrainingSetup setup = setup(LSTM, new SquaredError(1), spec);
    ToySeries half = new ToySeries(64, 1).withTarget(0, 32, Float.NaN);
    float[] weights = setup.network().initialWeights(1);
    ShardUpdate update =
        new ShardTrainer(setup, data(half.stretch(0, 64)))
            .run(new RoundWork(0, weights, new Adam().newMoments(weights.length), 0));
    assertThat(update.samples()).isEqualTo(16);
  }

  private static ShardData data(Stretch... train) {
    return new ShardData(0, List.of(train), List.of());
  }

  private static TrainingSetup setup(LayerSpec layers, StepLoss loss, TrainingSpec spec) {
    return new TrainingSetup(
        Network.build(layers, Shape.of(1)), loss, spec, KernelSelection.kernels());
  }

  /** Keeps every output it sees and asks for no change. */
  private static final class Recorder implements StepLoss {
    private static final long serialVersionUID = 1L;

    final transient List<Float> outputs = new ArrayList<>();

    @Override
    public String kind() {
      return "recorder";
    }

    @Override
    public int outputWidth() {
      return 1;
    }

    @Override
    public int targetWidth() {
      return 1;
    }

    @Override
    public double step(float[] output, int outputAt, float[] target, int targetAt) {
      outputs.add(output[outputAt]);
      return 0;
    }

    @Override
    public void gradient(
        float[] output, int outputAt, float[] target, int targetAt, double scale, float[] dOut) {}
  }
}
