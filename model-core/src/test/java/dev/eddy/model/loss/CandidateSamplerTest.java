package dev.eddy.model.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CandidateSamplerTest {
  private static final IntSeq TARGETS = new IntSeq(2, 3, new int[] {7, 3, -1, 3, 99, 0});

  @Test
  void candidatesAreDifferentAndHoldWhatIsRight() {
    Candidates drawn = CandidateSampler.uniform(100).draw(TARGETS, 20, new Rng(1));
    int[] ids = drawn.ids().data();
    assertThat(ids).hasSize(20).isSorted().doesNotHaveDuplicates().contains(0, 3, 7, 99);
    for (int i = 0; i < 6; i++) {
      int column = drawn.columns().data()[i];
      assertThat(column < 0 ? -1 : ids[column]).isEqualTo(TARGETS.data()[i]);
    }
    Candidates again = CandidateSampler.uniform(100).draw(TARGETS, 20, new Rng(1));
    assertThat(again.ids().data()).isEqualTo(ids);
    assertThat(again.logQ().data()).isEqualTo(drawn.logQ().data());
    Candidates other = CandidateSampler.uniform(100).draw(TARGETS, 20, new Rng(2));
    assertThat(other.ids().data()).isNotEqualTo(ids);
  }

  @Test
  void chancesAreThoseOfTheDraws() {
    long[] counts = new long[50];
    for (int c = 0; c < counts.length; c++) {
      counts[c] = c == 10 ? 0 : 1000 / (c + 1);
    }
    CandidateSampler sampler = CandidateSampler.byCount(counts, 0.75);
    IntSeq none = new IntSeq(1, 1, new int[] {-1});
    int rounds = 20_000;
    double[] seen = new double[50];
    double[] stated = new double[50];
    Rng rng = new Rng(5);
    for (int round = 0; round < rounds; round++) {
      Candidates drawn = sampler.draw(none, 12, rng);
      for (int i = 0; i < 12; i++) {
        int c = drawn.ids().data()[i];
        seen[c] += 1.0 / rounds;
        stated[c] += StrictMath.exp(drawn.logQ().data()[i]) / rounds;
      }
    }
    assertThat(seen[10]).isZero();
    for (int c = 0; c < 50; c++) {
      // Stated for the number of draws that happened to be made: the mean over seen rounds is near.
      double mean = seen[c] == 0 ? 0 : stated[c] / seen[c];
      assertThat(mean).as("class %d", c).isCloseTo(seen[c], within(0.03 + 0.05 * seen[c]));
    }
  }

  @Test
  void rareClassesFillUpWhatPopularOnesLeave() {
    long[] counts = new long[10];
    counts[4] = 1;
    Candidates drawn = CandidateSampler.byCount(counts, 1).draw(TARGETS_BELOW_TEN, 6, new Rng(3));
    assertThat(drawn.ids().data()).hasSize(6).doesNotHaveDuplicates().contains(2, 4);
    for (float logQ : drawn.logQ().data()) {
      assertThat(logQ).isFinite();
    }
  }

  private static final IntSeq TARGETS_BELOW_TEN = new IntSeq(1, 1, new int[] {2});

  @Test
  void withoutCorrectionAllClassesAreTheFullSoftmax() {
    int classes = 30;
    FloatSeq scores = FloatSeq.zeros(2, 3, classes);
    Rng rng = new Rng(9);
    for (int i = 0; i < scores.data().length; i++) {
      scores.data()[i] = (float) rng.nextGaussian();
    }
    IntSeq ids = new IntSeq(2, 3, new int[] {7, 3, -1, 3, 29, 0});
    Bundle full = Bundle.of(Bundle.MAIN, ids);
    Bundle same =
        full.withSide(Candidates.SIDE, Bundle.of(Candidates.LOG_Q, FloatSeq.zeros(classes, 1, 1)));
    Context context = Context.stepping(new PortableKernels());
    FloatSeq d = FloatSeq.zeros(2, 3, classes);
    FloatSeq dSampled = FloatSeq.zeros(2, 3, classes);
    LossSum sum = new CrossEntropy(classes).apply(Bundle.of(scores), full, d, context);
    assertThat(new SampledSoftmax(classes).apply(Bundle.of(scores), same, dSampled, context))
        .isEqualTo(sum);
    assertThat(dSampled.data()).isEqualTo(d.data());
  }

  @Test
  void scoresThatAreRightStayRight() {
    // Right classes come as the scores say: the full softmax would not change them on average.
    int classes = 200;
    long[] counts = new long[classes];
    float[] scores = new float[classes];
    Rng rng = new Rng(11);
    for (int c = 0; c < classes; c++) {
      counts[c] = 1L + 2000 / (c + 1);
      scores[c] = 0.5f * (float) rng.nextGaussian();
    }
    CandidateSampler sampler = CandidateSampler.byCount(counts, 1);
    double corrected = pull(scores, sampler, true);
    assertThat(corrected).isLessThan(0.1);
    assertThat(corrected).isLessThan(0.2 * pull(scores, sampler, false));
  }

  /** How far the mean gradient is from zero: the sum of its absolute values. */
  private static double pull(float[] scores, CandidateSampler sampler, boolean correct) {
    int rounds = 20_000;
    int size = 60;
    double[] mean = new double[scores.length];
    Rng rng = new Rng(13);
    Context context = Context.stepping(new PortableKernels());
    for (int round = 0; round < rounds; round++) {
      context.reset();
      IntSeq right = new IntSeq(1, 1, new int[] {draw(scores, rng)});
      Candidates drawn = sampler.draw(right, size, rng);
      if (!correct) {
        Arrays.fill(drawn.logQ().data(), 0f);
      }
      int[] ids = drawn.ids().data();
      FloatSeq picked = FloatSeq.zeros(1, 1, size);
      for (int i = 0; i < size; i++) {
        picked.data()[i] = scores[ids[i]];
      }
      FloatSeq d = FloatSeq.zeros(1, 1, size);
      new SampledSoftmax(size).apply(Bundle.of(picked), drawn.target(), d, context);
      for (int i = 0; i < size; i++) {
        mean[ids[i]] += d.data()[i] / rounds;
      }
    }
    return Arrays.stream(mean).map(Math::abs).sum();
  }

  private static int draw(float[] scores, Rng rng) {
    double all = 0;
    for (float score : scores) {
      all += StrictMath.exp(score);
    }
    double left = rng.nextDouble() * all;
    int c = 0;
    for (; c < scores.length - 1 && left >= StrictMath.exp(scores[c]); c++) {
      left -= StrictMath.exp(scores[c]);
    }
    return c;
  }

  @Test
  void wrongSizesAreNamed() {
    CandidateSampler sampler = CandidateSampler.uniform(100);
    assertThatThrownBy(() -> sampler.draw(TARGETS, 3, new Rng(1)))
        .hasMessage(
            "candidates: size must be from 4 (the classes of the batch) to 100 (all there are), got 3");
    assertThatThrownBy(() -> sampler.draw(TARGETS, 101, new Rng(1))).hasMessageContaining("101");
    assertThatThrownBy(() -> CandidateSampler.uniform(50).draw(TARGETS, 20, new Rng(1)))
        .hasMessageContaining("target 99");
    assertThatThrownBy(() -> CandidateSampler.byCount(new long[] {0, 0}, 1))
        .hasMessageContaining("none has a count");
    assertThatThrownBy(() -> CandidateSampler.byCount(new long[] {1}, 2))
        .hasMessageContaining("power");
  }
}
