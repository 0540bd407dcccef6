package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.LossSum;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.GradientClip;
import dev.eddy.model.optim.Update;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingStepTest {
  private static final int T = 5;
  private static final UpdateSpec ADAM = UpdateSpec.of(new Adam(), 0.01);
  private static final Network NETWORK =
      Network.build(
          new Sequential(List.of(new Noisy(), new Lstm(6), Dense.linear(1))), Shape.of(2));
  private static final Network QUIET =
      Network.build(new Sequential(List.of(new Lstm(6), Dense.linear(1))), Shape.of(2));

  /** Weights, moments and states after three steps over the same blocks. */
  private record Result(float[] weights, float[] moments, float[] state, double loss) {}

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void sameBitsForAnyNumberOfThreads(int threads) {
    Result one = run(1, 4, 3, 2, 4);
    Result more = run(threads, 4, 3, 2, 4);
    assertThat(more.weights()).isEqualTo(one.weights());
    assertThat(more.moments()).isEqualTo(one.moments());
    assertThat(more.state()).isEqualTo(one.state());
    assertThat(more.loss()).isEqualTo(one.loss()).isNotNaN();
  }

  @Test
  void howABatchIsCutIsPartOfTheResult() {
    assertThat(run(1, 4, 3, 2, 4).weights()).isNotEqualTo(run(1, 3, 4, 2, 4).weights());
  }

  private static Result run(int threads, int... rows) {
    float[] weights = NETWORK.initialWeights(1);
    float[] moments = new Adam().newMoments(weights.length);
    List<RowBlock> blocks = blocks(NETWORK, rows);
    double loss = 0;
    try (TrainingStep step = step(NETWORK, threads)) {
      for (int s = 0; s < 3; s++) {
        loss = step.add(weights, blocks, s).mean();
        assertThat(step.update(weights, moments, new double[0], s)).isPositive();
      }
    }
    return new Result(weights, moments, blocks.get(1).states(), loss);
  }

  @Test
  void oneBlockIsThePlainSequenceOfItsParts() {
    float[] weights = QUIET.initialWeights(1);
    float[] moments = new Adam().newMoments(weights.length);
    RowBlock block = blocks(QUIET, 4).get(0);
    float[] expected = weights.clone();
    Context context = Context.training(new PortableKernels(), new Rng(1));
    FloatSeq out =
        QUIET.forward(expected, block.inputs(), new float[4 * QUIET.stateSize()], context);
    FloatSeq dOut = FloatSeq.zeros(T, 4, 1);
    LossSum expectedLoss =
        new SquaredError(1).apply(Bundle.of(out), block.targets(), dOut, context);
    float[] grads = new float[weights.length];
    QUIET.backward(expected, dOut, context, grads);
    GradientClip.byNorm(grads, 1);
    new Adam().step(expected, grads, new float[2 * grads.length], 1, 0.01);

    try (TrainingStep step = step(QUIET, 1)) {
      assertThat(step.add(weights, List.of(block), 0)).isEqualTo(expectedLoss);
      step.update(weights, moments, new double[0], 0);
    }
    assertThat(weights).isEqualTo(expected);
  }

  @Test
  void halfBatchesAccumulateToTheWhole() {
    List<RowBlock> halves = blocks(QUIET, 4, 4);
    RowBlock whole = join(halves.get(0), halves.get(1));
    float[] expected = QUIET.initialWeights(1);
    float[] weights = expected.clone();
    float[] again = expected.clone();
    try (TrainingStep step = step(QUIET, 1)) {
      LossSum all = step.add(expected, List.of(whole), 0);
      step.update(expected, new float[2 * expected.length], new double[0], 0);
      LossSum first = step.add(weights, halves.subList(0, 1), 0);
      LossSum second = step.add(weights, halves.subList(1, 2), 0);
      assertThat(step.count()).isEqualTo(all.count()).isEqualTo(first.count() + second.count());
      assertThat(first.sum() + second.sum()).isCloseTo(all.sum(), within(1e-6));
      step.update(weights, new float[2 * weights.length], new double[0], 0);
      step.add(again, blocks(QUIET, 4, 4), 0);
      step.update(again, new float[2 * weights.length], new double[0], 0);
    }
    assertThat(weights).containsExactly(expected, within(1e-6f));
    assertThat(again).as("the same blocks, given at once").isEqualTo(weights);
  }

  @Test
  void blocksWithoutATargetOnlyMoveTheirStates() {
    List<RowBlock> blocks = blocks(QUIET, 4, 4);
    Arrays.fill(blocks.get(1).targets().main().data(), Float.NaN);
    float[] weights = QUIET.initialWeights(1);
    float[] alone = weights.clone();
    try (TrainingStep step = step(QUIET, 2)) {
      LossSum none = step.add(weights, blocks.subList(1, 2), 0);
      assertThat(none.count()).isZero();
      assertThat(blocks.get(1).states()).isNotEqualTo(new float[blocks.get(1).states().length]);
      assertThat(step.update(weights, new float[2 * weights.length], new double[0], 0)).isZero();
      assertThat(weights).isEqualTo(alone);
      step.add(weights, blocks, 0);
      step.update(weights, new float[2 * weights.length], new double[0], 0);
      step.add(alone, blocks(QUIET, 4, 4).subList(0, 1), 0);
      step.update(alone, new float[2 * weights.length], new double[0], 0);
    }
    assertThat(weights).isEqualTo(alone);
  }

  @Test
  void aGradientThatIsNotFiniteChangesNothing() {
    List<RowBlock> blocks = blocks(QUIET, 4, 4);
    blocks.get(1).inputs().main().data()[3] = Float.NaN;
    float[] weights = QUIET.initialWeights(1);
    float[] kept = weights.clone();
    try (TrainingStep step = step(QUIET, 2)) {
      assertThat(step.add(weights, blocks, 0).sum()).isNaN();
      assertThat(step.update(weights, new float[2 * weights.length], new double[0], 0)).isNaN();
    }
    assertThat(weights).isEqualTo(kept);
  }

  @Test
  void failuresOfAnyThreadAndInterruptsReachTheCaller() {
    List<RowBlock> blocks = blocks(QUIET, 4, 4);
    RowBlock good = blocks.get(0);
    RowBlock bad =
        new RowBlock(blocks.get(1).inputs(), Bundle.of(FloatSeq.zeros(T, 3, 1)), good.states());
    try (TrainingStep step = step(QUIET, 2)) {
      assertThatThrownBy(() -> step.add(QUIET.initialWeights(1), List.of(good, bad), 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("target is [T=5][B=3]");
    }
    Thread.currentThread().interrupt();
    try (TrainingStep step = step(QUIET, 2)) {
      assertThatThrownBy(() -> step.add(QUIET.initialWeights(1), List.of(good), 0))
          .isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThatThrownBy(() -> step(QUIET, 0)).hasMessageContaining("at least 1 thread");
  }

  private static TrainingStep step(Network network, int threads) {
    Update update = new Update(ADAM, network.params());
    return new TrainingStep(
        network, new SquaredError(1), update, new PortableKernels(), threads, 11);
  }

  /** Blocks of so many rows, always the same numbers. */
  private static List<RowBlock> blocks(Network network, int... rows) {
    Rng rng = new Rng(2);
    return Arrays.stream(rows)
        .mapToObj(
            b ->
                new RowBlock(
                    Bundle.of(random(rng, b, 2)),
                    Bundle.of(random(rng, b, 1)),
                    new float[b * network.stateSize()]))
        .toList();
  }

  private static FloatSeq random(Rng rng, int rows, int width) {
    FloatSeq seq = FloatSeq.zeros(T, rows, width);
    for (int i = 0; i < seq.data().length; i++) {
      seq.data()[i] = (float) rng.nextGaussian();
    }
    return seq;
  }

  private static RowBlock join(RowBlock a, RowBlock b) {
    return new RowBlock(
        Bundle.of(join(a.inputs().main(), b.inputs().main())),
        Bundle.of(join(a.targets().main(), b.targets().main())),
        new float[a.states().length + b.states().length]);
  }

  private static FloatSeq join(FloatSeq a, FloatSeq b) {
    FloatSeq both = FloatSeq.zeros(T, a.batch() + b.batch(), a.width());
    for (int t = 0; t < T; t++) {
      System.arraycopy(a.data(), a.at(t, 0), both.data(), both.at(t, 0), a.batch() * a.width());
      System.arraycopy(
          b.data(), b.at(t, 0), both.data(), both.at(t, a.batch()), b.batch() * b.width());
    }
    return both;
  }
}
