package dev.eddy.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.loss.CtcLoss;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.testing.PathFormulas;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CtcDecoderTest {
  private static final CtcDecoder DECODER =
      new CtcDecoder(new CtcLoss(3, 0), new PortableKernels());

  @Test
  void aWideBeamFindsTheBestOfAllLabels() {
    for (int seed = 0; seed < 40; seed++) {
      int time = 1 + seed % 5;
      FloatSeq x = random(time, seed);
      Map<List<Integer>, Double> all = likelihoods(x);
      List<Labelling> found = DECODER.beam(Bundle.of(x), 0, 1000);
      assertThat(found).hasSameSizeAs(all.entrySet());
      double last = Double.POSITIVE_INFINITY;
      for (Labelling labelling : found) {
        double likelihood = all.get(labelling.ids());
        assertThat(StrictMath.exp(labelling.score())).isCloseTo(likelihood, within(1e-5));
        assertThat(labelling.score()).isLessThanOrEqualTo(last);
        last = labelling.score();
      }
    }
  }

  @Test
  void aNarrowBeamKeepsItsWidthAndIsNoBetter() {
    FloatSeq x = random(5, 3);
    List<Labelling> narrow = DECODER.beam(Bundle.of(x), 0, 2);
    assertThat(narrow).hasSize(2);
    double best = DECODER.beam(Bundle.of(x), 0, 1000).get(0).score();
    assertThat(narrow.get(0).score()).isLessThanOrEqualTo(best + 1e-9);
  }

  @Test
  void theBestPathIsNotAlwaysTheBestLabel() {
    // Blank 0.6 and id one 0.4, twice: the best path is empty (0.36), label [1] has 0.64.
    float blank = (float) StrictMath.log(0.6);
    float one = (float) StrictMath.log(0.4);
    FloatSeq x = new FloatSeq(2, 1, 3, new float[] {blank, one, -50, blank, one, -50});
    Labelling greedy = DECODER.greedy(Bundle.of(x), 0);
    assertThat(greedy.ids()).isEmpty();
    assertThat(greedy.score()).isCloseTo(StrictMath.log(0.36), within(1e-6));
    Labelling beam = DECODER.beam(Bundle.of(x), 0, 5).get(0);
    assertThat(beam.ids()).containsExactly(1);
    assertThat(beam.score()).isCloseTo(StrictMath.log(0.64), within(1e-6));
  }

  @Test
  void greedyDropsRepeatsThenBlanks() {
    int[] path = {1, 1, 0, 1, 2, 2, 0};
    FloatSeq x = FloatSeq.zeros(path.length + 1, 1, 3);
    for (int t = 0; t < path.length; t++) {
      x.data()[3 * t + path[t]] = 5;
    }
    x.data()[3 * path.length + 1] = 5; // beyond the length
    Bundle logits = Bundle.of(x).withLengths(new int[] {path.length});
    assertThat(DECODER.greedy(logits, 0).ids()).containsExactly(1, 1, 2);
    assertThat(DECODER.beam(logits, 0, 10).get(0).ids()).containsExactly(1, 1, 2);
  }

  @Test
  void wrongInputsAreNamed() {
    assertThatThrownBy(() -> DECODER.greedy(Bundle.of(FloatSeq.zeros(1, 1, 4)), 0))
        .hasMessageContaining("3 classes");
    assertThatThrownBy(() -> DECODER.beam(Bundle.of(FloatSeq.zeros(1, 1, 3)), 0, 0))
        .hasMessageContaining("at least 1 wide");
  }

  private static Map<List<Integer>, Double> likelihoods(FloatSeq x) {
    Map<List<Integer>, Double> all = new HashMap<>();
    for (int[] path : PathFormulas.paths(x.time(), 3)) {
      double p = 1;
      for (int t = 0; t < path.length; t++) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
          sum += StrictMath.exp(x.data()[3 * t + c]);
        }
        p *= StrictMath.exp(x.data()[3 * t + path[t]]) / sum;
      }
      all.merge(PathFormulas.collapse(path, 0), p, Double::sum);
    }
    return all;
  }

  private static FloatSeq random(int time, long seed) {
    FloatSeq x = FloatSeq.zeros(time, 1, 3);
    Rng rng = new Rng(seed);
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = (float) rng.nextGaussian();
    }
    return x;
  }
}
