package dev.eddy.model.task.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.train.ScoreSum;
import org.junit.jupiter.api.Test;

/** What the gate says, given what was scored. */
class GateDecisionTest {
  private static final ForecastSpec TASK = Fixtures.task();
  private static final int STEPS = 10;

  /** MASE of a model, whose baselines make errors of 1 (last) and 2 (both seasons). */
  private static ScoreSum mase(double model) {
    return new ScoreSum(
        STEPS, new double[] {5, STEPS, STEPS * model, STEPS, 2 * STEPS, 2 * STEPS, STEPS, STEPS});
  }

  private static GateDecision decide(double model, double live, GateRules rules) {
    return ForecastTraining.decide(TASK, new GateScore(mase(model), mase(live)), rules);
  }

  private static GateRules rules(boolean force) {
    return new GateRules(0.1, 0.05, "version 3", force);
  }

  @Test
  void bothBarsMustBePassed() {
    GateDecision good = decide(0.8, 0.9, rules(false));
    assertThat(good.publish()).isTrue();
    assertThat(good.text())
        .isEqualTo(
            "published: MASE 0.8000 against 1.0000 of the best baseline (last): -20.0 %; 0.9000 of the live model (version 3): -11.1 %");
    assertThat(good.metrics()).containsEntry("mase", 0.8).containsEntry("mase-live", 0.9);

    GateDecision worseThanLive = decide(0.8, 0.82, rules(false));
    assertThat(worseThanLive.publish()).isFalse();
    assertThat(worseThanLive.text())
        .startsWith("refused: ")
        .endsWith("0.8200 of the live model (version 3): -2.4 %, -5.0 % asked for");

    GateDecision worseThanBaseline = decide(0.95, 2, rules(false));
    assertThat(worseThanBaseline.publish()).isFalse();
    assertThat(worseThanBaseline.text()).contains("(last): -5.0 %, -10.0 % asked for; 2.0000 of");
  }

  @Test
  void forcedIsPublishedAndSaysSo() {
    GateDecision forced = decide(0.95, 0.5, rules(true));
    assertThat(forced.publish()).isTrue();
    assertThat(forced.passed()).isFalse();
    assertThat(forced.text()).startsWith("published by force: ").contains("-10.0 % asked for");
    assertThat(decide(0.5, 1, rules(true)).text()).startsWith("published: ");
  }

  @Test
  void aScoreThatIsNotANumberIsNeverPublished() {
    for (double broken : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      GateDecision decision = decide(broken, 0.5, rules(true));
      assertThat(decision.publish()).isFalse();
      assertThat(decision.text()).startsWith("refused: ").contains(Double.toString(broken));
    }
  }

  @Test
  void aBrokenLiveModelIsNoBar() {
    GateDecision decision = decide(0.8, Double.NaN, rules(false));
    assertThat(decision.publish()).isTrue();
    assertThat(decision.text())
        .contains("the live model (version 3) makes forecasts that are not numbers");
  }

  @Test
  void aLiveModelThatIsNotComparedIsNamed() {
    GateRules rules = new GateRules(0.1, 0.05, "the live model is not compared", false);
    GateDecision decision = ForecastTraining.decide(TASK, new GateScore(mase(0.8), null), rules);
    assertThat(decision.publish()).isTrue();
    assertThat(decision.text()).endsWith("; the live model is not compared");
    assertThat(decision.metrics()).doesNotContainKey("mase-live");
  }

  @Test
  void otherStepsAreNotCompared() {
    double[] sums = mase(1).sums();
    sums[1]--;
    GateScore score = new GateScore(mase(1), new ScoreSum(STEPS, sums));
    assertThatThrownBy(() -> ForecastTraining.decide(TASK, score, rules(false)))
        .isInstanceOf(IllegalStateException.class);
    GateScore alone = new GateScore(mase(1), null);
    assertThatThrownBy(() -> alone.plus(score)).isInstanceOf(IllegalArgumentException.class);
  }
}
