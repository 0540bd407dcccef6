package dev.eddy.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
  private static final Shape IDS = Shape.of(0);

  private static Bundle ids(int... ids) {
    return Bundle.of(Bundle.MAIN, new IntSeq(ids.length, 1, ids));
  }

  private static FloatSeq run(Network network, Bundle input) {
    return network.forward(
        network.initialWeights(1),
        input,
        new float[network.stateSize()],
        Context.stepping(new PortableKernels()));
  }

  @Test
  void anIdOutsideTheVocabularyIsNamedWithItsPlace() {
    Network plain = Network.build(Embedding.of(4, 2), IDS);
    Network tied = Network.build(TiedEmbedding.of(4, 2, Dense.linear(2)), IDS);
    assertThatThrownBy(() -> run(plain, ids(0, 3, 4)))
        .hasMessageStartingWith(
            "embedding: id 4 in part 'x' (step 2 of sequence 0) is outside 0 to 3");
    assertThatThrownBy(() -> run(plain, ids(-1))).hasMessageContaining("id -1");
    assertThatThrownBy(() -> run(tied, ids(4)))
        .hasMessageStartingWith("tied-embedding: id 4 in part 'x'");
  }

  @Test
  void whatStandsBeyondTheLengthIsNotLookedAt() {
    Network network = Network.build(Embedding.of(4, 2), IDS);
    FloatSeq output = run(network, ids(3, -1, 99).withLengths(new int[] {1}));
    assertThat(Arrays.copyOf(output.data(), 2)).isNotEqualTo(new float[2]);
    assertThat(Arrays.copyOfRange(output.data(), 2, 6)).containsOnly(0);
  }

  @Test
  void paddingGivesZerosWhateverItsRowHoldsAndLearnsNothing() {
    Network network = Network.build(new Embedding(3, 2, null, 1), IDS);
    float[] weights = network.initialWeights(1);
    assertThat(Arrays.copyOfRange(weights, 2, 4)).containsOnly(0);
    Arrays.fill(weights, 7);
    Context context = Context.tracing(new PortableKernels());
    FloatSeq y = network.forward(weights, ids(0, 1, 2, 0), new float[0], context);
    assertThat(y.data()).containsExactly(7, 7, 0, 0, 7, 7, 7, 7);
    float[] grads = new float[6];
    FloatSeq dy = new FloatSeq(4, 1, 2, new float[] {1, 2, 3, 4, 5, 6, 7, 8});
    network.backward(weights, dy, context, grads);
    assertThat(grads).containsExactly(8, 10, 0, 0, 5, 6);
  }

  @Test
  void aLargeVocabularyCostsAStepNothing() {
    Network network = Network.build(Embedding.of(100_000, 16), IDS);
    float[] weights = network.initialWeights(1);
    Context context = Context.stepping(new PortableKernels());
    Bundle step = ids(99_999);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100; i++) {
      FloatSeq y = network.forward(weights, step, new float[0], context);
      assertThat(y.data()[15]).isEqualTo(weights[weights.length - 1]);
      context.reset();
    }
    long taken = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(taken / 100).as("bytes a step; the table has 6,400,000").isLessThan(100_000);
  }

  @Test
  void tiedMeansOneMatrix() {
    // Without anything between, the score of an id for itself is its vector's squared length.
    Network network = Network.build(TiedEmbedding.of(3, 2, Gather.of(0, 1)), IDS);
    assertThat(network.weightCount()).isEqualTo(2 * 3 + 3);
    float[] weights = {1, 2, 3, 10, 20, 30, 0.5f, 0, 0}; // W [2][3], b [3]
    Context context = Context.tracing(new PortableKernels());
    FloatSeq y = network.forward(weights, ids(1), new float[0], context);
    assertThat(y.data()).containsExactly(202.5f, 404, 606);
    float[] grads = new float[9];
    network.backward(weights, new FloatSeq(1, 1, 3, new float[] {0, 1, 0}), context, grads);
    assertThat(grads).containsExactly(0, 2 * 2, 0, 0, 2 * 20, 0, 0, 1, 0); // both uses add up
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    assertThatThrownBy(() -> Network.build(Embedding.of(4, 2), Shape.of(3)))
        .hasMessage("embedding: reads integer ids from part 'x', which holds 3 floats a step");
    assertThatThrownBy(() -> Network.build(TiedEmbedding.of(4, 2, Dense.linear(3)), IDS))
        .hasMessageStartingWith("tied-embedding: its layers give {x=3}")
        .hasMessageContaining("end with a dense layer of 2 units");
    assertThatThrownBy(() -> Network.build(TiedEmbedding.of(4, 2, Gather.of(2)), IDS))
        .hasMessageStartingWith("tied-embedding.gather0: index 2");
    assertThatThrownBy(() -> new Embedding(4, 2, null, 4)).hasMessageContaining("from 0 to 3");
    assertThatThrownBy(() -> Embedding.of(0, 2)).hasMessageContaining("vocabulary=0");
    assertThatThrownBy(() -> Network.build(Embedding.of(1 << 24, 1 << 24), IDS))
        .hasMessageContaining("too large");
  }

  @Test
  void weightsAreFoundByTheirPath() {
    Network network = Network.build(Sequential.of(Embedding.of(4, 2), Dense.linear(3)), IDS);
    assertThat(network.offset("dense1.b")).isEqualTo(8 + 6);
    assertThatThrownBy(() -> network.offset("E"))
        .hasMessageContaining("no weights 'E'")
        .hasMessageContaining("embedding0.E");
  }
}
