package dev.eddy.model.layer;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.testing.LayerCase;
import dev.eddy.model.testing.LayerContract;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Layers inside layers inside layers, drawn at random, keep the contract too. */
class LayerCompositionTest {
  private static final int NETWORKS = 40;
  private static final int INPUT = 3;
  private static final List<Pool.Mode> MODES = List.of(Pool.Mode.values());
  private static final List<Bidirectional.Merge> MERGES = List.of(Bidirectional.Merge.values());
  private static final Shape SHAPE = Shape.of(INPUT).withSide("memory", Shape.of(2));

  @TestFactory
  Stream<DynamicTest> drawnNetworksKeepTheContract() {
    return IntStream.range(0, NETWORKS)
        .mapToObj(seed -> LayerCase.of(whole(new Rng(seed)), SHAPE))
        .flatMap(layer -> LayerContract.tests(layer, new PortableKernels()));
  }

  private static LayerSpec whole(Rng random) {
    LayerSpec inner = layer(random, 3, INPUT, false);
    return switch (random.nextInt(6)) {
      case 0 -> Sequential.of(inner, new Pool(one(MODES, random)));
      case 1 ->
          Sequential.of(inner, new TimeSubsampling(2), new Lstm(2), new AttentionPooling(2, 2));
      case 2 -> Sequential.of(new Reshape(1), layer(random, 2, 1, false));
      default -> inner;
    };
  }

  /** Something that gives a step for each. */
  private static LayerSpec layer(Rng random, int depth, int in, boolean causal) {
    if (depth == 0) {
      return leaf(random, causal);
    }
    int less = depth - 1;
    return switch (random.nextInt(causal ? 5 : 6)) {
      case 0 -> sequence(random, less, in, 1 + random.nextInt(3), causal);
      case 1 ->
          Sum.of(
              Sequential.of(layer(random, less, in, causal), Dense.linear(2)),
              Sequential.of(leaf(random, causal), Dense.linear(2)));
      case 2 -> Concat.of(layer(random, less, in, causal), layer(random, less, in, causal));
      case 3 -> new Residual(Sequential.of(layer(random, less, in, causal), Dense.linear(in)));
      case 4 -> new InputFeeding(layer(random, less, in + 1, true), 1);
      default -> new Bidirectional(layer(random, less, in, false), one(MERGES, random));
    };
  }

  private static LayerSpec sequence(Rng random, int depth, int in, int wide, boolean causal) {
    return Sequential.of(
        layer(random, depth, in, causal), Dense.linear(wide), leaf(random, causal));
  }

  private static LayerSpec leaf(Rng random, boolean causal) {
    List<LayerSpec> leaves =
        List.of(
            new Lstm(2),
            new Lstm(2).withLearnedState(),
            new Lstm(2).withPeephole().withRecurrentDropout(0.2f),
            Gru.of(2).withLearnedState(),
            new Gru(3, false, Gru.Update.REPLACE),
            SimpleRnn.of(2).withLearnedState(),
            new Dense(2, Activation.TANH),
            Dropout.of(0.3f),
            Conv1d.causal(2, 3),
            AdditiveAttention.of(2),
            DotAttention.of(DotAttention.Score.GENERAL),
            new Conv1d(2, 3, 1, 1, Padding.SAME, Activation.SIGMOID));
    return leaves.get(random.nextInt(leaves.size() - (causal ? 1 : 0)));
  }

  private static <T> T one(List<T> of, Rng random) {
    return of.get(random.nextInt(of.size()));
  }
}
