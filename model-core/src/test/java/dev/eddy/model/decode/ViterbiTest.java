package dev.eddy.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Crf;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.testing.PathFormulas;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViterbiTest {
  private static final int K = 3;

  @Test
  void agreesWithTryingAllPaths() {
    for (int seed = 0; seed < 50; seed++) {
      int time = 1 + seed % 6;
      FloatSeq x = FloatSeq.zeros(time, 2, Crf.width(K));
      Rng rng = new Rng(seed);
      for (int i = 0; i < x.data().length; i++) {
        x.data()[i] = (float) rng.nextGaussian();
      }
      boolean[] mask = new boolean[time * 2];
      Arrays.fill(mask, true);
      mask[(time / 2) * 2 + 1] = time == 1; // a step inside row 1 is not real
      Bundle potentials = Bundle.of(x).withMask(mask);
      for (int b = 0; b < 2; b++) {
        List<Integer> steps = new ArrayList<>();
        for (int t = 0; t < time; t++) {
          if (potentials.real(t, b)) {
            steps.add(t);
          }
        }
        Labelling best = Viterbi.best(potentials, K, b);
        double most = Double.NEGATIVE_INFINITY;
        for (int[] path : PathFormulas.paths(steps.size(), K)) {
          most = Math.max(most, score(x, b, steps, path));
        }
        int[] found = best.ids().stream().mapToInt(Integer::intValue).toArray();
        assertThat(score(x, b, steps, found)).isCloseTo(most, within(1e-9));
        assertThat(best.score()).isCloseTo(most, within(1e-9));
      }
    }
  }

  private static double score(FloatSeq x, int b, List<Integer> steps, int[] path) {
    double score = 0;
    for (int t = 0; t < path.length; t++) {
      int before = t == 0 ? K : path[t - 1];
      score += x.data()[x.at(steps.get(t), b) + before * K + path[t]];
    }
    int last = path.length - 1;
    return score + x.data()[x.at(steps.get(last), b) + (K + 1) * K + path[last]];
  }

  @Test
  void withoutStepsThereAreNoLabels() {
    Bundle none = Bundle.of(FloatSeq.zeros(2, 1, Crf.width(K))).withLengths(new int[] {0});
    assertThat(Viterbi.best(none, K, 0)).isEqualTo(new Labelling(List.of(), 0));
    assertThatThrownBy(() -> Viterbi.best(none, K + 1, 0)).hasMessageContaining("are 24 wide");
  }
}
