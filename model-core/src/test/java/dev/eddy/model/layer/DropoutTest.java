package dev.eddy.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What dropout does in training; elsewhere it does nothing, which the contract kit checks. */
class DropoutTest {
  private static final int TIME = 20;
  private static final int BATCH = 30;
  private static final int WIDTH = 50;
  private final Kernels kernels = new PortableKernels();

  private static FloatSeq constant(float value) {
    FloatSeq seq = FloatSeq.zeros(TIME, BATCH, WIDTH);
    Arrays.fill(seq.data(), value);
    return seq;
  }

  private FloatSeq run(LayerSpec spec, Context context) {
    return Network.build(spec, Shape.of(WIDTH))
        .forward(new float[0], Bundle.of(constant(3)), new float[0], context);
  }

  private Context training(long seed) {
    return Context.training(kernels, new Rng(seed));
  }

  @Test
  void theMeanIsKeptAndTheRateIsWhatItSays() {
    float[] y = run(Dropout.of(0.3f), training(1)).data();
    int dropped = 0;
    double sum = 0;
    for (float value : y) {
      assertThat(value).isIn(0f, 3 * (1 / (1 - 0.3f)));
      dropped += value == 0 ? 1 : 0;
      sum += value;
    }
    assertThat((double) dropped / y.length).isCloseTo(0.3, within(0.01)); // 4 deviations
    assertThat(sum / y.length).isCloseTo(3, within(0.05));
  }

  @Test
  void backwardUsesTheMaskOfForward() {
    for (Dropout spec : new Dropout[] {Dropout.of(0.4f), Dropout.variational(0.4f)}) {
      Network network = Network.build(spec, Shape.of(WIDTH));
      Context context = training(2);
      FloatSeq y = network.forward(new float[0], Bundle.of(constant(1)), new float[0], context);
      Bundle dInput = network.backward(new float[0], constant(1), context, new float[0]);
      assertThat(dInput.main().data()).isEqualTo(y.data());
    }
  }

  @Test
  void theSeedDecides() {
    float[] first = run(Dropout.of(0.5f), training(3)).data();
    assertThat(run(Dropout.of(0.5f), training(3)).data()).isEqualTo(first);
    assertThat(run(Dropout.of(0.5f), training(4)).data()).isNotEqualTo(first);
  }

  @Test
  void aVariationalMaskStaysForTheWholeSequenceAndDiffersBetweenSequences() {
    FloatSeq y = run(Dropout.variational(0.5f), training(5));
    for (int b = 0; b < BATCH; b++) {
      float[] first = step(y, 0, b);
      for (int t = 1; t < TIME; t++) {
        assertThat(step(y, t, b)).isEqualTo(first);
      }
      assertThat(step(y, 0, (b + 1) % BATCH)).isNotEqualTo(first);
    }
    FloatSeq single = run(Dropout.of(0.5f), training(5));
    assertThat(step(single, 1, 0)).isNotEqualTo(step(single, 0, 0));
  }

  private static float[] step(FloatSeq seq, int t, int b) {
    return Arrays.copyOfRange(seq.data(), seq.at(t, b), seq.at(t, b) + seq.width());
  }

  @Test
  void nothingHappensOutsideTraining() {
    float[] untouched = constant(3).data();
    assertThat(run(Dropout.of(0.9f), Context.stepping(kernels)).data()).isEqualTo(untouched);
    assertThat(run(Dropout.of(0.9f), Context.tracing(kernels)).data()).isEqualTo(untouched);
    assertThat(run(Dropout.of(0), training(1)).data()).isEqualTo(untouched);
  }

  @Test
  void aRateThatLeavesNothingIsRefused() {
    for (float rate : new float[] {1, -0.1f, Float.NaN}) {
      assertThatThrownBy(() -> Dropout.of(rate))
          .hasMessage("dropout: rate must be from 0 to below 1, got " + rate);
    }
  }
}
