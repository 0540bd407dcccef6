package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ScorerTest {
  private static final TrainingSpec SPEC = new TrainingSpec(1, 1, 1, 1, 4, 16, 20, 0.01, 1, 0, 1);
  private static final LayerSpec LSTM = new Sequential(List.of(new Lstm(5), Dense.linear(1)));

  @Test
  void equalsStepByStepPass() {
    TrainingSetup setup = setup(LSTM);
    float[] weights = setup.network().initialWeights(3);
    ToySeries series = new ToySeries(120, 1).withTarget(70, 80, Float.NaN);
    Stretch stretch = series.stretch(50, 117);

    double[] expected = stepByStep(setup, weights, stretch);
    ScoreSum score = new Scorer(setup).score(weights, List.of(stretch), new OutputSum());
    assertThat(score.count()).isEqualTo(57);
    assertThat(score.sums()).containsExactly(expected);
  }

  @Test
  void aStretchScoresTheSameWhateverItIsBatchedWith() {
    TrainingSetup setup = setup(LSTM);
    float[] weights = setup.network().initialWeights(3);
    List<Stretch> stretches = new ArrayList<>();
    for (int i = 0; i < 140; i++) {
      stretches.add(new ToySeries(90, i).stretch(i % 30, 60 + i % 31));
    }
    Scorer scorer = new Scorer(setup);
    ScoreSum one = new ScoreSum(0, new double[2]);
    for (Stretch stretch : stretches) {
      one = one.plus(scorer.score(weights, List.of(stretch), new OutputSum()));
    }
    ScoreSum all = scorer.score(weights, stretches, new OutputSum());
    assertThat(all.count()).isEqualTo(one.count());
    assertThat(all.sums()).containsExactly(one.sums());
  }

  @Test
  void warmsTheStateBeforeTheStretch() {
    TrainingSetup setup = setup(new RunningSum());
    ToySeries ones = new ToySeries(100, 1);
    java.util.Arrays.fill(ones.x, 1f);
    float[] weights = {1f};
    Scorer scorer = new Scorer(setup);
    // 20 steps before and the step itself; at the start of a series as many as there are.
    assertThat(scorer.score(weights, List.of(ones.stretch(50, 51)), new OutputSum()).sums()[1])
        .isEqualTo(21);
    assertThat(scorer.score(weights, List.of(ones.stretch(4, 6)), new OutputSum()).sums()[1])
        .isEqualTo(5 + 6);
  }

  @Test
  void scoresNothingAsNothing() {
    Scorer scorer = new Scorer(setup(new RunningSum()));
    ScoreSum score = scorer.score(new float[] {1f}, List.of(), StepMetrics.NONE);
    assertThat(score.count()).isZero();
    assertThat(score.mean(0)).isNaN();
  }

  @Test
  void refusesSeriesThatDoNotFit() {
    TrainingSetup setup =
        new TrainingSetup(
            Network.build(new RunningSum(), Shape.of(3)),
            new SquaredError(1),
            SPEC,
            KernelSelection.kernels());
    Stretch stretch = new ToySeries(10, 1).stretch(0, 10);
    assertThatThrownBy(
            () -> new Scorer(setup).score(new float[] {1f}, List.of(stretch), StepMetrics.NONE))
        .hasMessageContaining("toy-1")
        .hasMessageContaining("{x=1}")
        .hasMessageContaining("{x=3}");
  }

  @Test
  void stopsWhenInterrupted() {
    Scorer scorer = new Scorer(setup(new RunningSum()));
    Stretch stretch = new ToySeries(10, 1).stretch(0, 10);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> scorer.score(new float[] {1f}, List.of(stretch), StepMetrics.NONE))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private static TrainingSetup setup(LayerSpec spec) {
    return new TrainingSetup(
        Network.build(spec, Shape.of(1)), new SquaredError(1), SPEC, KernelSelection.kernels());
  }

  private static double[] stepByStep(TrainingSetup setup, float[] weights, Stretch stretch) {
    Network network = setup.network();
    Context context = Context.stepping(setup.kernels());
    float[] state = new float[network.stateSize()];
    network.initialState(weights, state, 0);
    double[] sums = new double[2];
    float[] target = new float[1];
    for (int t = stretch.from() - SPEC.warmup(); t < stretch.to(); t++) {
      context.reset();
      Bundle input = Bundle.of(FloatSeq.zeros(1, 1, 1));
      stretch.series().input(t, input, 0, 0);
      float output = network.forward(weights, input, state, context).data()[0];
      stretch.series().target(t, target, 0);
      if (t >= stretch.from() && !Float.isNaN(target[0])) {
        double error = (double) output - target[0];
        sums[0] += error * error;
        sums[1] += output;
      }
    }
    return sums;
  }

  /** The sum of all outputs. */
  private static final class OutputSum implements StepMetrics {
    @Override
    public int count() {
      return 1;
    }

    @Override
    public void add(TrainingSeries series, int t, float[] output, int outputAt, double[] sums) {
      sums[1] += output[outputAt];
    }
  }
}
