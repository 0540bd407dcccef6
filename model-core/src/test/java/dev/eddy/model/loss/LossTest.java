package dev.eddy.model.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.layer.Context;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Losses by hand, and what they say where something does not fit. */
class LossTest {

  @Test
  void pinballByHand() {
    QuantileLoss loss = new QuantileLoss(1, 0.1, 0.9);
    // Above the target by 1 at level 0.1: 0.9. Below it by 2 at level 0.9: 1.8. Mean 1.35.
    assertThat(loss.step(new float[] {4f, 1f}, 0, new float[] {3f}, 0))
        .isCloseTo((0.9 + 1.8) / 2, within(1e-12));
  }

  @Test
  void atTheKinkNothingPulls() {
    float[] gradient = new float[1];
    for (StepLoss loss : List.of(new AbsoluteError(1), new QuantileLoss(1, 0.9))) {
      loss.gradient(new float[] {2f}, 0, new float[] {2f}, 0, 1, gradient);
      assertThat(gradient[0]).isZero();
    }
  }

  @Test
  void errorsNameTheShapes() {
    assertThatThrownBy(
            () ->
                new SquaredError(2)
                    .apply(
                        Bundle.of(FloatSeq.zeros(1, 1, 2)),
                        Bundle.of(FloatSeq.zeros(1, 1, 3)),
                        FloatSeq.zeros(1, 1, 2),
                        Context.stepping(new PortableKernels())))
        .hasMessage("squared: target is [T=1][B=1][3], the loss takes [T=1][B=1][2]");
    assertThatThrownBy(() -> new QuantileLoss(2, 0.5, 0.5))
        .hasMessageContaining("ascend")
        .hasMessageContaining("[0.5, 0.5]");
    assertThatThrownBy(() -> new QuantileLoss(0, 0.5))
        .hasMessage("quantile: horizon must be from 1 to 16,777,216, got 0");
    assertThatThrownBy(() -> new SquaredError(2, 3, 3)).hasMessageContaining("column 3 of 3");
    assertThatThrownBy(() -> new SquaredError(1 << 20, 1 << 20, 3))
        .hasMessageContaining("horizon * columns");
    assertThatThrownBy(() -> new HuberLoss(1, 0.0)).hasMessageContaining("delta");
    assertThatThrownBy(() -> new CrossEntropy(3, 1, null)).hasMessageContaining("smoothing");
    assertThatThrownBy(() -> new CrossEntropy(3, 0, List.of(1.0))).hasMessageContaining("weights");
    assertThatThrownBy(() -> new BinaryCrossEntropy(1, 0, -1.0))
        .hasMessageContaining("positiveWeight");
  }

  @Test
  void impossibleTargetsAreNamed() {
    assertThatThrownBy(
            () -> new NegativeBinomialLikelihood(1).step(new float[2], 0, new float[] {-1f}, 0))
        .hasMessage("negative-binomial: a target must be a count, at least 0, got -1.0");
    assertThatThrownBy(() -> new BinaryCrossEntropy(1).step(new float[1], 0, new float[] {2f}, 0))
        .hasMessage("binary-cross-entropy: a target must be from 0 to 1, got 2.0");
  }
}
