package dev.eddy.model.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.layer.Context;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import org.junit.jupiter.api.Test;

class CtcLossTest {
  private static final CtcLoss LOSS = new CtcLoss(3, 0);

  @Test
  void aRepeatedIdNeedsABlankBetween() {
    assertThat(CtcLoss.stepsNeeded()).isZero();
    assertThat(CtcLoss.stepsNeeded(1, 2, 1)).isEqualTo(3);
    assertThat(CtcLoss.stepsNeeded(1, 1)).isEqualTo(3);
    assertThat(CtcLoss.stepsNeeded(1, 1, 1, 2, 2)).isEqualTo(8);
    assertThat(score(3, 1, 1).count()).isEqualTo(1);
    assertThatThrownBy(() -> score(2, 1, 1))
        .hasMessageStartingWith("ctc: label of sequence 0 has 2 ids and needs 3 steps")
        .hasMessageContaining("the sequence has 2");
  }

  @Test
  void theEmptyLabelIsAllBlanks() {
    // Three classes alike: one path of 27.
    LossSum sum = score(3);
    assertThat(sum.count()).isEqualTo(1);
    assertThat(sum.sum()).isCloseTo(3 * StrictMath.log(3), within(1e-6));
  }

  @Test
  void pathsByHand() {
    // Of the 9 paths of two steps, three say 1: 11, 01, 10.
    assertThat(score(2, 1).sum()).isCloseTo(StrictMath.log(3), within(1e-6));
  }

  @Test
  void longSequencesKeepTheirPrecision() {
    // 2000 steps, all classes alike, no repeats: the number of paths is known in closed form.
    int[] label = new int[50];
    for (int i = 0; i < label.length; i++) {
      label[i] = 1 + i % 2;
    }
    int steps = 2000;
    // A path is 2 L + 1 runs, those of blanks maybe empty: C(T + L, 2 L) of them.
    double logPaths =
        Gamma.log(steps + label.length + 1)
            - Gamma.log(2 * label.length + 1)
            - Gamma.log(steps - label.length + 1);
    assertThat(score(steps, label).sum())
        .isCloseTo(steps * StrictMath.log(3) - logPaths, within(1e-3));
  }

  @Test
  void wrongLabelsAreNamed() {
    assertThatThrownBy(() -> score(4, 1, 0)).hasMessageContaining("not the blank 0");
    assertThatThrownBy(() -> score(4, 1, 3)).hasMessageContaining("id 3");
    assertThatThrownBy(() -> new CtcLoss(3, 3)).hasMessageContaining("blank");
  }

  private static LossSum score(int steps, int... label) {
    Bundle target = Bundle.of(Bundle.MAIN, new IntSeq(label.length, 1, label));
    return LOSS.score(
        Bundle.of(FloatSeq.zeros(steps, 1, 3)), target, 0, Context.stepping(new PortableKernels()));
  }
}
