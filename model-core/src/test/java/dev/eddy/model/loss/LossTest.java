package dev.eddy.model.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossTest {
  private static final int T = 4;
  private static final int B = 3;

  static List<Loss> losses() {
    return List.of(
        new QuantileLoss(5, 0.1, 0.5, 0.95),
        new QuantileLoss(2, 0.5),
        new SquaredError(5),
        new SquaredError(3, 3, 1));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void gradientIsTheSlopeOfTheMeanLoss(Loss loss) {
    Rng rng = new Rng(7);
    FloatSeq output = random(rng, loss.outputWidth());
    FloatSeq target = random(rng, loss.targetWidth());
    // On two grids that never meet: a numeric difference must not straddle the kink.
    round(output, 0.125f);
    round(target, 0f);
    target.data()[1] = Float.NaN;
    FloatSeq gradient = FloatSeq.zeros(T, B, loss.outputWidth());
    LossSum sum = loss.apply(output, target, gradient);

    assertThat(sum.count()).isEqualTo(T * B * loss.targetWidth() - 1);
    float h = 1e-3f;
    for (int i = 0; i < output.data().length; i++) {
      float kept = output.data()[i];
      output.data()[i] = kept + h;
      double up = loss.apply(output, target, FloatSeq.zeros(T, B, loss.outputWidth())).mean();
      double top = output.data()[i];
      output.data()[i] = kept - h;
      double down = loss.apply(output, target, FloatSeq.zeros(T, B, loss.outputWidth())).mean();
      double bottom = output.data()[i];
      output.data()[i] = kept;
      assertThat((double) gradient.data()[i])
          .as("output %d", i)
          .isCloseTo((up - down) / (top - bottom), within(1e-6));
    }
  }

  @Test
  void pinballByHand() {
    QuantileLoss loss = new QuantileLoss(1, 0.1, 0.9);
    // Above the target by 1 at level 0.1: 0.9. Below it by 2 at level 0.9: 1.8. Mean 1.35.
    assertThat(loss.step(new float[] {4f, 1f}, 0, new float[] {3f}, 0))
        .isCloseTo((0.9 + 1.8) / 2, within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void unknownTargetsAddNothing(Loss loss) {
    FloatSeq output = random(new Rng(1), loss.outputWidth());
    FloatSeq target = FloatSeq.zeros(T, B, loss.targetWidth());
    java.util.Arrays.fill(target.data(), Float.NaN);
    FloatSeq gradient = random(new Rng(2), loss.outputWidth());
    LossSum sum = loss.apply(output, target, gradient);

    assertThat(sum.count()).isZero();
    assertThat(sum.sum()).isZero();
    assertThat(sum.mean()).isNaN();
    assertThat(gradient.data()).containsOnly(0f);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void brokenOutputShowsInLossAndGradient(Loss loss) {
    FloatSeq output = FloatSeq.zeros(T, B, loss.outputWidth());
    java.util.Arrays.fill(output.data(), Float.NaN);
    FloatSeq gradient = FloatSeq.zeros(T, B, loss.outputWidth());
    LossSum sum = loss.apply(output, random(new Rng(3), loss.targetWidth()), gradient);

    assertThat(sum.sum()).isNaN();
    assertThat(gradient.data()).contains(Float.NaN);
  }

  @Test
  void errorsNameTheShapes() {
    assertThatThrownBy(
            () ->
                new SquaredError(2)
                    .apply(
                        FloatSeq.zeros(1, 1, 2), FloatSeq.zeros(1, 1, 3), FloatSeq.zeros(1, 1, 2)))
        .hasMessage("target is [T=1][B=1][3], the loss takes [T=1][B=1][2]");
    assertThatThrownBy(() -> new QuantileLoss(2, 0.5, 0.5))
        .hasMessageContaining("ascend")
        .hasMessageContaining("[0.5, 0.5]");
    assertThatThrownBy(() -> new QuantileLoss(0, 0.5)).hasMessageContaining("horizon 0");
    assertThatThrownBy(() -> new SquaredError(2, 3, 3)).hasMessageContaining("column 3 of 3");
  }

  private static void round(FloatSeq seq, float offset) {
    for (int i = 0; i < seq.data().length; i++) {
      seq.data()[i] = 0.25f * (float) Math.rint(4 * seq.data()[i]) + offset;
    }
  }

  private static FloatSeq random(Rng rng, int width) {
    FloatSeq seq = FloatSeq.zeros(T, B, width);
    for (int i = 0; i < seq.data().length; i++) {
      seq.data()[i] = (float) rng.nextGaussian();
    }
    return seq;
  }
}
