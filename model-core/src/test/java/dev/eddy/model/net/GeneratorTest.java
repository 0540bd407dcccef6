package dev.eddy.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.data.TeacherForcing;
import dev.eddy.model.decode.BeamSearch;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.AdditiveAttention;
import dev.eddy.model.layer.Bridge;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.DotAttention;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.EncoderDecoder;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.InputFeeding;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.CrossEntropy;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.IntSeq;
import dev.eddy.model.train.BatchSpec;
import dev.eddy.model.train.Batches;
import dev.eddy.model.train.Example;
import dev.eddy.model.train.Examples;
import dev.eddy.model.train.Fit;
import dev.eddy.model.train.FitListener;
import dev.eddy.model.train.FitSpec;
import dev.eddy.model.train.SequenceBatches;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sequences made from others: training with the right tokens, generating with the own ones. */
class GeneratorTest {
  private static final Kernels KERNELS = new PortableKernels();
  private static final int LETTERS = 6;
  private static final int START = LETTERS;
  private static final int END = LETTERS + 1;
  private static final int TOKENS = LETTERS + 2;
  private static final int LONGEST = 5;
  private static final Shape IDS = Shape.of(0).withSide(EncoderDecoder.SOURCE, Shape.of(0));

  private static LayerSpec encoder() {
    return Sequential.of(Embedding.of(TOKENS, 8), Gru.of(16));
  }

  private static LayerSpec luong() {
    return Sequential.of(
        Embedding.of(TOKENS, 8),
        Gru.of(16),
        DotAttention.of(DotAttention.Score.GENERAL),
        new Dense(16, Activation.TANH),
        Dense.linear(TOKENS));
  }

  private static LayerSpec fed() {
    LayerSpec cell = Sequential.of(new Lstm(6), AdditiveAttention.of(5));
    return Sequential.of(Embedding.of(TOKENS, 8), new InputFeeding(cell, 16), Dense.linear(TOKENS));
  }

  static List<EncoderDecoder> networks() {
    return List.of(
        EncoderDecoder.of(encoder(), luong(), Bridge.STATE),
        EncoderDecoder.of(encoder(), luong(), Bridge.NONE),
        EncoderDecoder.of(encoder(), luong(), Bridge.POOLED),
        EncoderDecoder.of(encoder(), fed(), Bridge.DENSE));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void stepsHaveTheBitsOfThePassThatTrained(EncoderDecoder spec) {
    Network network = Network.build(spec, IDS);
    float[] weights = network.initialWeights(3);
    List<int[]> words = words(5, new Rng(4));
    TeacherForcing forced = TeacherForcing.of(words, START, END);
    Context context = Context.stepping(KERNELS);
    float[] states = new float[words.size() * network.stateSize()];
    boolean[] starts = new boolean[words.size()];
    Arrays.fill(starts, true);
    Bundle input = forced.input().withStarts(starts).withSide("source", source(words));
    float[] expected = network.forward(weights, input, states, context).data().clone();
    context.reset();

    Generator generator = Generator.of(network, weights, KERNELS);
    IntSeq ids = forced.input().ids(Bundle.MAIN);
    for (int b = 0; b < words.size(); b++) {
      Generator.Start start = generator.encode(source(words), context).rows(b);
      for (int t = 0; t <= words.get(b).length; t++) {
        context.reset();
        Bundle token = token(ids.data()[t * words.size() + b]);
        float[] scores = generator.step(start.memory(), start.states(), token, context).data();
        int at = (t * words.size() + b) * TOKENS;
        assertThat(Arrays.copyOf(scores, TOKENS))
            .as("step %d of %d", t, b)
            .containsExactly(Arrays.copyOfRange(expected, at, at + TOKENS));
      }
    }
  }

  @Test
  void learnsToReverse() throws IOException {
    Network network = Network.build(networks().get(0), IDS);
    Examples pairs =
        Examples.of(words(2000, new Rng(2)).stream().map(GeneratorTest::pair).toList());
    Batches batches = new SequenceBatches(pairs, pairs.spans(), BatchSpec.training(32, 6));
    FitSpec spec = FitSpec.of(UpdateSpec.of(new Adam(), 0.01), 8, 7);
    Fit fit = Fit.of(network, new CrossEntropy(TOKENS), spec, batches, null, KERNELS);
    float[] weights = fit.run(network.initialWeights(1), FitListener.NONE).weights();
    Generator generator = Generator.of(network, weights, KERNELS);
    int greedy = 0;
    int searched = 0;
    List<int[]> words = words(200, new Rng(5)); // 9330 there are, so most were not trained on
    for (int[] word : words) {
      greedy += Arrays.equals(greedy(generator, word), reversed(word)) ? 1 : 0;
      searched += Arrays.equals(searched(generator, word), reversed(word)) ? 1 : 0;
    }
    assertThat(greedy).as("of 200 reversed without a fault").isGreaterThanOrEqualTo(190);
    assertThat(searched).as("the same by beam search").isGreaterThanOrEqualTo(greedy);
  }

  private static int[] searched(Generator generator, int[] word) {
    BeamSearch search = new BeamSearch(4, LONGEST + 1, 0.6, END);
    BeamSearch.Found best = search.search(hypotheses(generator, word)::next, START).get(0);
    return best.ids().stream().mapToInt(Integer::intValue).toArray();
  }

  private static Example pair(int[] word) {
    TeacherForcing forced = TeacherForcing.of(List.of(reversed(word)), START, END);
    return new Example(forced.input().withSide("source", source(List.of(word))), forced.target());
  }

  private static Hypotheses hypotheses(Generator generator, int[] word) {
    Context context = Context.stepping(KERNELS);
    return new Hypotheses(generator, generator.encode(source(List.of(word)), context), 0, context);
  }

  private static int[] greedy(Generator generator, int[] word) {
    Hypotheses written = hypotheses(generator, word);
    List<Integer> ids = new ArrayList<>();
    int id = START;
    while (ids.size() <= LONGEST) {
      id = largest(written.next(new int[] {0}, new int[] {id})[0]);
      if (id == END) {
        break;
      }
      ids.add(id);
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int largest(float[] scores) {
    int best = 0;
    for (int j = 1; j < TOKENS; j++) {
      best = scores[j] > scores[best] ? j : best;
    }
    return best;
  }

  @Test
  void hypothesesGoOnFromTheRowTheyName() {
    Network network = Network.build(networks().get(3), IDS);
    Generator generator = Generator.of(network, network.initialWeights(1), KERNELS);
    int[] word = {1, 2, 3};
    Hypotheses alone = hypotheses(generator, word);
    float[] first = alone.next(new int[] {0}, new int[] {START})[0];
    alone.next(new int[] {0}, new int[] {4});
    float[] expected = alone.next(new int[] {0}, new int[] {2})[0];
    Hypotheses beam = hypotheses(generator, word);
    assertThat(beam.next(new int[] {0}, new int[] {START})[0]).containsExactly(first);
    beam.next(new int[] {0, 0, 0}, new int[] {5, 3, 4});
    assertThat(beam.next(new int[] {2, 0}, new int[] {2, 1})[0]).containsExactly(expected);
    double all = 0;
    for (float logP : expected) {
      all += StrictMath.exp(logP);
    }
    assertThat(all).isCloseTo(1, within(1e-6));
  }

  private static Bundle token(int id) {
    return Bundle.of(Bundle.MAIN, new IntSeq(1, 1, new int[] {id}));
  }

  private static int[] reversed(int[] word) {
    int[] back = new int[word.length];
    for (int i = 0; i < word.length; i++) {
      back[i] = word[word.length - 1 - i];
    }
    return back;
  }

  private static List<int[]> words(int n, Rng rng) {
    List<int[]> words = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int[] word = new int[1 + rng.nextInt(LONGEST)];
      Arrays.setAll(word, t -> rng.nextInt(LETTERS));
      words.add(word);
    }
    return words;
  }

  /** Words side by side, with their lengths. */
  private static Bundle source(List<int[]> words) {
    int time = words.stream().mapToInt(word -> word.length).max().orElse(0);
    int[] ids = new int[time * words.size()];
    for (int b = 0; b < words.size(); b++) {
      for (int t = 0; t < words.get(b).length; t++) {
        ids[t * words.size() + b] = words.get(b)[t];
      }
    }
    return Bundle.of(Bundle.MAIN, new IntSeq(time, words.size(), ids))
        .withLengths(words.stream().mapToInt(word -> word.length).toArray());
  }

  @Test
  void hypothesesOfOneSourceAreRowsOfItsStart() {
    Network network = Network.build(networks().get(0), IDS);
    Generator generator = Generator.of(network, network.initialWeights(1), KERNELS);
    Context context = Context.stepping(KERNELS);
    Generator.Start start =
        generator.encode(source(List.of(new int[] {1}, new int[] {2, 3})), context).rows(1, 1, 0);
    assertThat(start.memory().batch()).isEqualTo(3);
    assertThat(start.memory().realSteps(2)).isEqualTo(1);
    assertThat(Arrays.copyOf(start.states(), 16))
        .containsExactly(Arrays.copyOfRange(start.states(), 16, 32));
    assertThatThrownBy(() -> generator.step(start.memory(), start.states(), token(1), context))
        .hasMessageContaining("a step of 1 sequences needs as many rows of memory");
  }

  @Test
  void onlyAnEncoderDecoderGenerates() {
    Network other = Network.build(new Lstm(2), Shape.of(1));
    assertThatThrownBy(() -> Generator.of(other, other.initialWeights(1), KERNELS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'lstm'");
    Network network = Network.build(networks().get(0), IDS);
    assertThatThrownBy(() -> Generator.of(network, new float[3], KERNELS))
        .hasMessageContaining("got an array of 3");
  }
}
