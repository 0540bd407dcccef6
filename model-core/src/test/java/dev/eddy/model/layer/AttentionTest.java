package dev.eddy.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What attention means, beyond its equations. */
class AttentionTest {
  private static final Shape PAIR = Shape.of(2).withSide("memory", Shape.of(2));

  static List<LayerSpec> layers() {
    return List.of(
        new AdditiveAttention(3, null, AttentionOutput.CONTEXT),
        new DotAttention(DotAttention.Score.GENERAL, null, AttentionOutput.CONTEXT));
  }

  private static FloatSeq seq(int time, int batch, float... data) {
    return new FloatSeq(time, batch, 2, data);
  }

  private static float[] run(LayerSpec spec, Shape shape, Bundle input) {
    Network network = Network.build(spec, shape);
    float[] weights = network.initialWeights(1);
    Context context = Context.stepping(new PortableKernels());
    float[] states = new float[input.batch() * network.stateSize()];
    FloatSeq output = network.forward(weights, input, states, context);
    return Arrays.copyOf(output.data(), output.time() * output.batch() * output.width());
  }

  @Test
  void theStepLikeTheQueryCounts() {
    LayerSpec dot = new DotAttention(DotAttention.Score.DOT, null, AttentionOutput.CONTEXT);
    Bundle memory = Bundle.of(seq(3, 1, 50, 0, 0, 50, -50, 0));
    float[] y = run(dot, PAIR, Bundle.of(seq(2, 1, 0, 1, -1, 0)).withSide("memory", memory));
    assertThat(y).containsExactly(new float[] {0, 50, -50, 0}, within(1e-5f));
  }

  @Test
  void equalScoresGiveTheMean() {
    LayerSpec dot = new DotAttention(DotAttention.Score.SCALED, null, AttentionOutput.CONCAT);
    Bundle memory = Bundle.of(seq(2, 1, 1, 2, 3, 4));
    float[] y = run(dot, PAIR, Bundle.of(seq(1, 1, 0, 0)).withSide("memory", memory));
    assertThat(y).containsExactly(2, 3, 0, 0);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void anEmptyMemoryGivesZeros(LayerSpec spec) {
    Bundle memory = Bundle.of(seq(2, 2, 1, 2, 3, 4, 5, 6, 7, 8)).withLengths(new int[] {0, 2});
    float[] y = run(spec, PAIR, Bundle.of(seq(1, 2, 1, 1, 1, 1)).withSide("memory", memory));
    assertThat(Arrays.copyOf(y, 2)).containsExactly(0, 0);
    assertThat(y[2]).isBetween(3f, 7f);
    Bundle none = Bundle.of(seq(0, 2));
    assertThat(run(spec, PAIR, Bundle.of(seq(1, 2, 1, 1, 1, 1)).withSide("memory", none)))
        .containsOnly(0);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void whatStandsInThePaddingReachesNothing(LayerSpec spec) {
    float nan = Float.NaN;
    Bundle padded =
        Bundle.of(seq(4, 1, nan, nan, 1, 2, nan, 3, 4, 5))
            .withMask(new boolean[] {false, true, false, true});
    Bundle query = Bundle.of(seq(1, 1, 1, -1));
    assertThat(run(spec, PAIR, query.withSide("memory", padded)))
        .containsExactly(
            run(spec, PAIR, query.withSide("memory", Bundle.of(seq(2, 1, 1, 2, 4, 5)))));
    assertThat(run(new AttentionPooling(2, 2), Shape.of(2), padded))
        .containsExactly(
            run(new AttentionPooling(2, 2), Shape.of(2), Bundle.of(seq(2, 1, 1, 2, 4, 5))));
  }

  @Test
  void aSequenceWithoutStepsPoolsToZeros() {
    Bundle input = Bundle.of(seq(1, 2, 1, 2, 3, 4)).withLengths(new int[] {0, 1});
    assertThat(run(new AttentionPooling(2, 1), Shape.of(2), input)).containsExactly(0, 0, 3, 4);
  }

  @Test
  void widthsThatCannotBeComparedAreNamed() {
    Shape uneven = Shape.of(2).withSide("memory", Shape.of(3));
    assertThatThrownBy(() -> Network.build(DotAttention.of(DotAttention.Score.SCALED), uneven))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "dot-attention: compares queries of width 2 with memory of width 3: make them equal or"
                + " score 'general'");
    assertThatThrownBy(() -> Network.build(AdditiveAttention.of(3), Shape.of(2)))
        .hasMessage("additive-attention: reads part 'memory/x', but its input has only [x]");
  }
}
