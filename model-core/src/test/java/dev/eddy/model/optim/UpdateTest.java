package dev.eddy.model.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.layer.Param;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpdateTest {
  // [W 2x2][b 1x2] of dense0, [W 1x2] of dense1
  private static final List<Param> PARAMS =
      List.of(
          new Param("sequential.dense0.W", 2, 2, null),
          new Param("sequential.dense0.b", 1, 2, null),
          new Param("sequential.dense1.W", 1, 2, null));
  private static final UpdateSpec PLAIN =
      UpdateSpec.of(new Sgd(), 0.1).withClip(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  @Test
  void pullsMatricesAndSparesBiases() {
    float[] w = {1, -1, 2, 0, 1, -1, 4, -4};
    UpdateSpec spec = PLAIN.withRegularisation(new Regularisation(0.5, 0.25, 0));
    apply(spec, w, new float[8]);
    assertThat(w)
        .containsExactly(
            new float[] {0.925f, -0.925f, 1.9f, 0, 1, -1, 3.85f, -3.85f}, within(1e-6f));
  }

  @Test
  void decayIsLikeAdamWsButForBiases() {
    float[] w = {1, -1, 2, 0.5f, 1, -1, 4, -4};
    float[] grads = {1, 2, -3, 4, -5, 6, 7, -8};
    float[] expected = w.clone();
    new AdamW(0.3).step(expected, grads, new float[16], 1, 0.1);
    UpdateSpec spec =
        UpdateSpec.of(new Adam(), 0.1)
            .withClip(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY)
            .withRegularisation(new Regularisation(0, 0, 0.3));
    float[] biases = {w[4], w[5]};
    new Adam().step(biases, new float[] {grads[4], grads[5]}, new float[4], 1, 0.1);
    expected[4] = biases[0];
    expected[5] = biases[1];
    apply(spec, w, grads);
    assertThat(w).isEqualTo(expected);
  }

  @Test
  void constrainsByPath() {
    List<Constrained> bounds =
        List.of(
            new Constrained("dense0", new UnitNorm()),
            new Constrained("dense1.W", new MinMaxNorm(0, 2, 0.5)),
            new Constrained("b", new NonNegative()));
    float[] w = {3, 0, 4, 0, -1, 5, 6, -1};
    apply(PLAIN.withConstraints(bounds), w, new float[8]);
    assertThat(w).containsExactly(new float[] {0.6f, 0, 0.8f, 0, 0, 5, 4, -1}, within(1e-6f));
    assertThatThrownBy(
            () ->
                new Update(
                    PLAIN.withConstraints(List.of(new Constrained("ense0", new UnitNorm()))),
                    PARAMS))
        .hasMessageContaining("on 'ense0': no such parameter, only [sequential.dense0.W");
  }

  @Test
  void aConstraintWithoutPathIsForMatrices() {
    float[] w = {3, 0, 4, 1, -9, 9, 6, -1};
    List<Constrained> bounds = List.of(new Constrained("", new MaxNorm(2)));
    apply(PLAIN.withConstraints(bounds), w, new float[8]);
    assertThat(w).containsExactly(new float[] {1.2f, 0, 1.6f, 1, -9, 9, 2, -1}, within(1e-6f));
  }

  @Test
  void minMaxNormLengthensWhatIsShort() {
    float[] w = {0.3f, 0, 0.4f, 0};
    new MinMaxNorm(1, 2, 1).apply(w, 0, 2, 2);
    assertThat(w).containsExactly(new float[] {0.6f, 0, 0.8f, 0}, within(1e-6f));
    assertThatThrownBy(() -> new MinMaxNorm(2, 1, 1)).hasMessageContaining("at least 2.0");
  }

  @Test
  void clipsByNormThenByValue() {
    float[] w = new float[8];
    float[] grads = {30, 0, 0, 0, 40, 0, 0, 0};
    double norm = apply(PLAIN.withClip(5, 3.5), w, grads);
    assertThat(norm).isEqualTo(50);
    assertThat(w[0]).isCloseTo(-0.3f, within(1e-6f));
    assertThat(w[4]).isCloseTo(-0.35f, within(1e-6f));
  }

  @Test
  void changesNothingWhereTheGradientIsNotFinite() {
    float[] w = {1, 2, 3, 4, 5, 6, 7, 8};
    float[] kept = w.clone();
    float[] grads = new float[8];
    grads[7] = Float.NaN;
    UpdateSpec spec = PLAIN.withRegularisation(new Regularisation(1, 1, 1));
    assertThat(apply(spec, w, grads)).isNaN();
    assertThat(w).isEqualTo(kept);
  }

  @Test
  void isSpelledInJson() throws Exception {
    UpdateSpec spec =
        PLAIN
            .withSchedule(new WarmUp(3, new Plateau(0.5, 1, 0)))
            .withRegularisation(new Regularisation(0.1, 0.2, 0.3))
            .withConstraints(
                List.of(
                    new Constrained("U", new MaxNorm(3)),
                    new Constrained("", new MinMaxNorm(0, 1, 1))));
    String text = OptimKinds.mapper().writeValueAsString(spec);
    assertThat(OptimKinds.mapper().readValue(text, UpdateSpec.class)).isEqualTo(spec);
    assertThat(OptimKinds.constraints().keySet())
        .containsExactly("max-norm", "min-max-norm", "non-negative", "unit-norm");
  }

  private static double apply(UpdateSpec spec, float[] weights, float[] grads) {
    Update update = new Update(spec, PARAMS);
    float[] moments = spec.optimiser().newMoments(weights.length);
    float[] copy = Arrays.copyOf(grads, grads.length);
    return update.apply(weights, copy, moments, spec.schedule().newState(), 0, 0);
  }
}
