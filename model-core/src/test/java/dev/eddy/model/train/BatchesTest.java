package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static final Examples NUMBERED = Toys.numbered(5, 3, 9, 1, 4, 7, 2);
  private static final States STATES = new States(0);

  @Test
  void everyStepIsSeenOnceAnEpochWhateverTheBatches() {
    List<Float> expected = new ArrayList<>();
    for (Span span : NUMBERED.spans()) {
      for (float x : NUMBERED.get(span.example()).input().main().data()) {
        expected.add(x);
      }
    }
    BatchSpec spec = new BatchSpec(3, 2, true, 4);
    Stream.of(
            new SequenceBatches(NUMBERED, NUMBERED.spans(), spec),
            new CarriedBatches(NUMBERED, NUMBERED.spans(), 2, spec),
            new CarriedBatches(NUMBERED, NUMBERED.spans(), 1, spec))
        .forEach(
            batches -> {
              List<Float> first = steps(batches, 0);
              List<Float> second = steps(batches, 1);
              assertThat(first).containsExactlyInAnyOrderElementsOf(expected);
              assertThat(second).containsExactlyInAnyOrderElementsOf(expected).isNotEqualTo(first);
              assertThat(steps(batches, 0)).as("epoch 0 again").isEqualTo(first);
            });
  }

  /** The real steps of an epoch; padding is checked on the way. */
  private static List<Float> steps(Batches batches, long epoch) {
    List<Float> steps = new ArrayList<>();
    for (int i = 0; i < batches.count(epoch); i++) {
      for (RowBlock block : batches.get(epoch, i, STATES)) {
        Bundle in = block.inputs();
        FloatSeq target = block.targets().main();
        assertThat(in.batch()).isLessThanOrEqualTo(2);
        for (int t = 0; t < in.time(); t++) {
          for (int b = 0; b < in.batch(); b++) {
            float x = in.main().data()[in.main().at(t, b)];
            float y = target.data()[target.at(t, b)];
            int id = in.ids("id").data()[t * in.batch() + b];
            if (in.real(t, b)) {
              steps.add(x);
              assertThat(y).isEqualTo(-x);
              assertThat(id).isEqualTo((int) x);
            } else {
              assertThat(y).isNaN();
              assertThat(x).isZero();
              assertThat(id).isZero();
            }
          }
        }
      }
    }
    return steps;
  }

  @Test
  void paddingChangesNoLoss() {
    Network network =
        Network.build(new Sequential(List.of(new Lstm(4), Dense.linear(1))), Shape.of(1));
    Examples examples = Toys.sums(1, 5, 3, 9, 1, 4, 7, 2);
    float[] weights = network.initialWeights(3);
    double together = loss(network, weights, examples, 7);
    assertThat(together).isCloseTo(loss(network, weights, examples, 1), within(1e-9)).isPositive();
    // A state carried from chunk to chunk gives what one pass gives.
    Batches carried =
        new CarriedBatches(examples, examples.spans(), 2, new BatchSpec(3, 2, true, 1));
    assertThat(loss(network, weights, carried)).isCloseTo(together, within(1e-9));
  }

  private static double loss(Network network, float[] weights, Examples examples, int rows) {
    return loss(
        network,
        weights,
        new SequenceBatches(examples, examples.spans(), BatchSpec.validation(rows)));
  }

  private static double loss(Network network, float[] weights, Batches batches) {
    try (Evaluator evaluator =
        new Evaluator(network, new SquaredError(1), BatchMetrics.NONE, new PortableKernels(), 2)) {
      Evaluator.Result result = evaluator.evaluate(weights, batches);
      assertThat(result.loss().count()).isEqualTo(31);
      return result.loss().mean();
    }
  }

  @Test
  void sequencesOfLikeLengthGoTogether() {
    int[] lengths = new int[400];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = 1 + i * 37 % 50;
    }
    Examples examples = Toys.numbered(lengths);
    Batches batches = new SequenceBatches(examples, examples.spans(), BatchSpec.training(16, 1));
    long steps = 0;
    long padded = 0;
    for (int i = 0; i < batches.count(0); i++) {
      Bundle in = batches.get(0, i, STATES).get(0).inputs();
      for (int j = 0; j < in.time() * in.batch(); j++) {
        steps++;
        padded += in.real(j / in.batch(), j % in.batch()) ? 0 : 1;
      }
    }
    assertThat(padded).isLessThan(steps / 20);
  }

  @Test
  void aRowStartsWhereItsSpanDoes() {
    Batches batches =
        new CarriedBatches(NUMBERED, NUMBERED.spans(), 2, new BatchSpec(2, 8, false, 0));
    // 0: 5 steps, then 3: 1 step, ..; 1: 3 steps, then 2: 9 steps
    assertThat(starts(batches, 0)).containsExactly(true, true);
    assertThat(starts(batches, 1)).containsExactly(false, false);
    assertThat(starts(batches, 2)).containsExactly(false, true);
    assertThat(starts(batches, 3)).containsExactly(true, false);
    assertThat(batches.get(0, 2, STATES).get(0).inputs().lengths()).containsExactly(1, 2);
  }

  private static List<Boolean> starts(Batches batches, int number) {
    Bundle in = batches.get(0, number, STATES).get(0).inputs();
    return List.of(in.starts(0), in.starts(1));
  }

  @Test
  void targetsAndSidesOnClocksOfTheirOwnComeWhole() {
    Example one = translated(2, 3, 4);
    Example other = translated(5, 1, 1);
    Examples examples = Examples.of(List.of(one, other));
    RowBlock block =
        new SequenceBatches(examples, examples.spans(), BatchSpec.validation(2))
            .get(0, 0, STATES)
            .get(0);
    assertThat(block.inputs().lengths()).containsExactly(2, 5);
    assertThat(block.inputs().side("source").lengths()).containsExactly(3, 1);
    assertThat(block.inputs().side("source").ids("w").data()).startsWith(1, 1, 1, 0, 1, 0);
    assertThat(block.targets().lengths()).containsExactly(4, 1);
    assertThat(block.targets().ids("label").data()).startsWith(7, 7, 7, -1, 7, -1, 7, -1);
    Batches chunks =
        new CarriedBatches(examples, examples.spans(), 2, new BatchSpec(2, 8, false, 0));
    assertThatThrownBy(() -> chunks.get(0, 0, STATES))
        .hasMessageContaining("its target has 1 steps of its own; take whole sequences");
  }

  private static Example translated(int time, int source, int label) {
    int[] words = new int[source];
    java.util.Arrays.fill(words, 1);
    int[] labels = new int[label];
    java.util.Arrays.fill(labels, 7);
    return new Example(
        Bundle.of(FloatSeq.zeros(time, 1, 1))
            .withSide("source", Bundle.of("w", new IntSeq(source, 1, words))),
        Bundle.of("label", new IntSeq(label, 1, labels)));
  }

  @Test
  void splitsByTimeAndByEntity() {
    List<Span> spans = List.of(new Span(0, 0, 100), new Span(1, 10, 20));
    Span.Split time = Span.byTime(spans, 0.2, 5);
    assertThat(time.train()).containsExactly(new Span(0, 0, 75), new Span(1, 10, 13));
    assertThat(time.validation()).containsExactly(new Span(0, 80, 100), new Span(1, 18, 20));
    assertThatThrownBy(() -> Span.byTime(spans, 1, 0)).hasMessageContaining("within (0, 1)");

    List<Span> many = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      many.add(new Span(i, 0, 1));
    }
    Span.Split entity = Span.byEntity(many, i -> i / 3, 0.25, 9);
    assertThat(entity.validation().size()).isBetween(90, 210);
    assertThat(entity.validation().size() + entity.train().size()).isEqualTo(600);
    assertThat(entity.validation().stream().map(s -> s.example() / 3))
        .doesNotContainAnyElementsOf(entity.train().stream().map(s -> s.example() / 3).toList());
    assertThat(Span.byEntity(many.subList(0, 300), i -> i / 3, 0.25, 9).validation())
        .as("others move nobody")
        .isEqualTo(entity.validation().stream().filter(s -> s.example() < 300).toList());
  }

  @Test
  void lanesCoverASpan() {
    assertThat(new Span(3, 2, 12).lanes(3))
        .containsExactly(new Span(3, 2, 6), new Span(3, 6, 9), new Span(3, 9, 12));
    assertThatThrownBy(() -> new Span(0, 0, 2).lanes(3)).hasMessageContaining("1 to 2 lanes");
  }

  @Test
  void refusesWhatCannotBeABatch() {
    assertThatThrownBy(() -> new SequenceBatches(NUMBERED, List.of(), BatchSpec.validation(1)))
        .hasMessageContaining("no sequences");
    assertThatThrownBy(
            () ->
                new CarriedBatches(
                    NUMBERED, List.of(new Span(0, 2, 2)), 2, BatchSpec.validation(1)))
        .hasMessageContaining("not empty");
    assertThatThrownBy(() -> new BatchSpec(0, 1, true, 0)).hasMessageContaining("rows 0");
    assertThatThrownBy(
            () ->
                new Example(Bundle.of(FloatSeq.zeros(1, 2, 1)), Bundle.of(FloatSeq.zeros(1, 2, 1))))
        .hasMessageContaining("2 rows");
  }
}
