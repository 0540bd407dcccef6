package dev.eddy.model.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.testing.Implementations;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every optimiser on the classpath keeps the contract. */
class OptimiserContractTest {
  /** More than two blocks of Adam's loop, and no multiple of a vector's lanes. */
  private static final int N = 2077;

  static Stream<OptimiserCase> cases() {
    return OptimiserCases.all().stream();
  }

  @Test
  void everyOptimiserIsRegisteredAndHasACase() {
    List<String> types = Implementations.of(Optimiser.class);
    assertThat(OptimKinds.optimisers().values().stream().map(Class::getName))
        .as("OptimKinds lists every Optimiser")
        .containsExactlyInAnyOrderElementsOf(types);
    assertThat(cases().map(c -> c.optimiser().getClass().getName()))
        .as("OptimiserCases has a case for every Optimiser")
        .containsExactlyInAnyOrderElementsOf(types);
    assertThat(cases())
        .allSatisfy(
            c ->
                assertThat(OptimKinds.optimisers())
                    .containsEntry(c.optimiser().kind(), c.optimiser().getClass()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followsItsReferenceOver100Steps(OptimiserCase tested) {
    Optimiser optimiser = tested.optimiser();
    int k = optimiser.momentsPerWeight();
    Rng rng = new Rng(3);
    float[] weights = new float[N];
    double[] expected = new double[N];
    for (int i = 0; i < N; i++) {
      weights[i] = (float) rng.nextGaussian();
      expected[i] = weights[i];
    }
    float[] moments = optimiser.newMoments(N);
    double[][] expectedMoments = new double[N][k];
    float[] grads = new float[N];
    for (int step = 1; step <= 100; step++) {
      double rate = 0.01 / step;
      for (int i = 0; i < N; i++) {
        grads[i] = (float) (rng.nextGaussian() * (1 + i % 37));
        expected[i] =
            tested.reference().step(expected[i], grads[i], expectedMoments[i], step, rate);
      }
      optimiser.step(weights, grads, moments, step, rate);
    }
    for (int i = 0; i < N; i++) {
      // 100 additions of a step, each rounded to a float beside the weight.
      double reach = Math.max(1, Math.abs(expected[i]));
      assertThat((double) weights[i]).isCloseTo(expected[i], within(5e-6 * reach));
      for (int j = 0; j < k; j++) {
        double moment = expectedMoments[i][j];
        double scale = 1 + i % 37;
        assertThat((double) moments[j * N + i])
            .isCloseTo(moment, within(1e-5 * (Math.abs(moment) + scale)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsGradientsOnlyAndTreatsWeightsAlike(OptimiserCase tested) {
    Optimiser optimiser = tested.optimiser();
    float[] grads = new float[N];
    Rng rng = new Rng(5);
    for (int i = 0; i < N; i++) {
      grads[i] = (float) rng.nextGaussian();
    }
    float[] kept = grads.clone();
    float[] whole = new float[N];
    Arrays.fill(whole, 0.5f);
    float[] wholeMoments = optimiser.newMoments(N);
    optimiser.step(whole, grads, wholeMoments, 1, 0.1);
    optimiser.step(whole, grads, wholeMoments, 2, 0.1);
    assertThat(grads).isEqualTo(kept);
    int at = 1500; // one weight alone gets the same bits
    float[] one = {0.5f};
    float[] oneMoments = optimiser.newMoments(1);
    optimiser.step(one, new float[] {grads[at]}, oneMoments, 1, 0.1);
    optimiser.step(one, new float[] {grads[at]}, oneMoments, 2, 0.1);
    assertThat(one[0]).isEqualTo(whole[at]);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isSpelledInJson(OptimiserCase tested) throws Exception {
    String text =
        OptimKinds.mapper().writerFor(Optimiser.class).writeValueAsString(tested.optimiser());
    assertThat(text).startsWith("{\"" + tested.optimiser().kind() + "\":{");
    assertThat(OptimKinds.mapper().readValue(text, Optimiser.class)).isEqualTo(tested.optimiser());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void refusesWhatDoesNotFit(OptimiserCase tested) {
    Optimiser optimiser = tested.optimiser();
    float[] moments = optimiser.newMoments(3);
    assertThatThrownBy(() -> optimiser.step(new float[3], new float[2], moments, 1, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(optimiser.kind() + " got 3 weights, 2 gradients");
    assertThatThrownBy(
            () -> optimiser.step(new float[3], new float[3], new float[moments.length + 1], 1, 0.1))
        .hasMessageContaining(moments.length + 1 + " moments");
    assertThatThrownBy(() -> optimiser.step(new float[3], new float[3], moments, 0, 0.1))
        .hasMessageContaining("step 0");
  }

  @Test
  void refusesConstantsThatCannotWork() {
    assertThatThrownBy(() -> new Adam(1, 0.9, 1e-8))
        .hasMessage("adam: beta1 must be within [0, 1), got 1.0");
    assertThatThrownBy(() -> new AdamW(-1))
        .hasMessage("adamw: weightDecay must be at least 0 and finite, got -1.0");
    assertThatThrownBy(() -> new RmsProp(0.9, 0))
        .hasMessage("rmsprop: epsilon must be above 0 and finite, got 0.0");
    assertThatThrownBy(() -> new Nesterov(Double.NaN)).hasMessageContaining("got NaN");
  }

  @Test
  void anUnknownKindAndAMissingConstantAreErrors() {
    assertThatThrownBy(
            () -> OptimKinds.mapper().readValue("{\"java.io.File\":{}}", Optimiser.class))
        .hasMessageContaining("java.io.File");
    assertThatThrownBy(
            () -> OptimKinds.mapper().readValue("{\"adam\":{\"beta1\":0.9}}", Optimiser.class))
        .hasMessageContaining("beta2");
  }

  @Test
  void decayAloneShrinksWeights() {
    float[] weights = {2f};
    AdamW adamW = new AdamW(0.5);
    adamW.step(weights, new float[1], adamW.newMoments(1), 1, 0.1);
    assertThat(weights[0]).isEqualTo(1.9f);
  }
}
