package dev.eddy.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import org.junit.jupiter.api.Test;

/** What the contract kit does not try: sequences without real steps, ties, gaps, lengths. */
class PoolingTest {

  /** Two sequences of four steps, one float a step. */
  private static Bundle input(float... timeMajor) {
    return Bundle.of(new FloatSeq(timeMajor.length / 2, 2, 1, timeMajor));
  }

  private static Bundle run(LayerSpec spec, Bundle input) {
    return Network.build(spec, Shape.of(1))
        .run(new float[0], input, new float[0], Context.stepping(new PortableKernels()));
  }

  private static float[] gradient(LayerSpec spec, Bundle input, FloatSeq dy) {
    Network network = Network.build(spec, Shape.of(1));
    Context context = Context.tracing(new PortableKernels());
    network.run(new float[0], input, new float[0], context);
    return network.backward(new float[0], dy, context, new float[0]).main().data();
  }

  @Test
  void aSequenceWithoutRealStepsGivesZerosAndTakesNoGradient() {
    Bundle input = input(5, -5, 7, -7).withLengths(new int[] {0, 2});
    for (Pool.Mode mode : Pool.Mode.values()) {
      Bundle y = run(new Pool(mode), input);
      assertThat(y.main().data()[0]).as("%s", mode).isZero();
      assertThat(y.main().data()[1]).as("%s", mode).isNegative();
      assertThat(y.allReal()).isTrue();
      float[] dx = gradient(new Pool(mode), input, new FloatSeq(1, 2, 1, new float[] {1, 1}));
      assertThat(dx[0]).isZero();
      assertThat(dx[2]).isZero();
    }
  }

  @Test
  void ofEqualLargestValuesTheFirstTakesTheGradient() {
    Bundle input =
        input(9, 1, 2, 3, 2, 3).withMask(new boolean[] {false, true, true, true, true, true});
    FloatSeq dy = new FloatSeq(1, 2, 1, new float[] {10, 20});
    assertThat(gradient(new Pool(Pool.Mode.MAX), input, dy)).containsExactly(0, 0, 10, 20, 0, 0);
  }

  @Test
  void subsamplingCountsRealStepsAlone() {
    boolean[] mask = {true, false, true, true, true, true, true, true};
    Bundle y = run(new TimeSubsampling(2), input(0, 100, 1, 101, 2, 102, 3, 103).withMask(mask));
    assertThat(y.main().data()).containsExactly(0, 101, 2, 103);
    assertThat(y.lengths()).containsExactly(2, 2);
    Bundle shorter =
        run(
            new TimeSubsampling(3),
            input(0, 100, 1, 101, 2, 102, 3, 103).withLengths(new int[] {4, 0}));
    assertThat(shorter.lengths()).containsExactly(2, 0);
  }

  @Test
  void joinedStepsAreFilledUpWithZeros() {
    Bundle input = input(1, 10, 2, 20, 3, 30).withLengths(new int[] {3, 1});
    Bundle y = run(new Reshape(2), input);
    assertThat(y.main().data()).containsExactly(1, 2, 10, 0, 3, 0, 0, 0);
    assertThat(y.lengths()).containsExactly(2, 1);
    Bundle all = run(new Flatten(4), input);
    assertThat(all.main().data()).containsExactly(1, 2, 3, 0, 10, 0, 0, 0);
    assertThat(all.allReal()).isTrue();
  }

  @Test
  void whatDoesNotFitIsNamed() {
    assertThatThrownBy(() -> run(new Flatten(2), input(1, 2, 3, 4, 5, 6)))
        .hasMessageStartingWith("flatten: takes sequences of at most 2 steps, got 3");
    assertThat(run(new Flatten(2), input(1, 2, 3, 4, 5, 6).withLengths(new int[] {2, 1})).time())
        .as("padding does not count")
        .isEqualTo(1);
    assertThatThrownBy(() -> Network.build(new Reshape(4), Shape.of(6)))
        .hasMessageStartingWith("reshape: cannot make steps of 4 floats from steps of 6");
    assertThatThrownBy(() -> new Pool(null)).hasMessageContaining("last, mean or max");
  }
}
