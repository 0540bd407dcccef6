package dev.eddy.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.task.forecast.ForecastSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Small enough to be worked out by hand: horizon 2, seasons of 2 and 3 steps, step 10 ms. */
class LiveSkillTest {
  private static final ForecastSpec SPEC =
      new ForecastSpec(
          2,
          10,
          new double[] {0.05, 0.5, 0.95},
          new int[] {2, 3},
          ForecastSpec.Skip.LAST,
          4,
          4,
          1,
          4,
          List.of());

  private final LiveSkill skill = new LiveSkill(SPEC, 40);

  private void readings(String entity, double... values) {
    for (int i = 0; i < values.length; i++) {
      skill.sending(entity, 10L * i, values[i]);
    }
  }

  private static Outlook outlook(String entity, long slot, boolean warmup, float... medians) {
    float[] bands = new float[3 * medians.length];
    for (int h = 0; h < medians.length; h++) {
      bands[3 * h] = medians[h] - 1;
      bands[3 * h + 1] = medians[h];
      bands[3 * h + 2] = medians[h] + 1;
    }
    return new Outlook(entity, 10 * slot, warmup, 1, 1, bands);
  }

  @Test
  void errorsAreAsWorkedOutByHand() {
    // History: slots 0..3. |3-1| = 2 and |6-2| = 4: the scale is 3.
    readings("a", 1, 2, 3, 6, 5, 9, 4);
    assertThat(skill.scale("a")).isEqualTo(3);
    // At slot 4 (value 5) forecasts of slots 5 and 6 (truth 9 and 4).
    skill.forecast(outlook("a", 4, false, 7, 4.5f));
    skill.forecast(outlook("a", 5, false, 0, 0));
    assertThat(skill.targets()).isZero();
    skill.forecast(outlook("a", 6, false, 0, 0));

    assertThat(skill.targets()).isEqualTo(2);
    List<LiveSkill.Skill> skills = skill.skills();
    assertThat(skills)
        .extracting(LiveSkill.Skill::name)
        .containsExactly("model", "last", "naive2", "naive3");
    // Model: |9-7| = 2, |4-4.5| = 0.5. Last: |9-5|, |4-5|. Season 2: |9-6|, |4-5|. Season 3: |9-3|,
    // |4-6|.
    assertThat(skills.get(0).mae()).isCloseTo(1.25, within(1e-9));
    assertThat(skills.get(1).mae()).isCloseTo(2.5, within(1e-9));
    assertThat(skills.get(2).mae()).isCloseTo(2, within(1e-9));
    assertThat(skills.get(3).mae()).isCloseTo(4, within(1e-9));
    assertThat(skills.get(0).mase()).isCloseTo(1.25 / 3, within(1e-9));
    assertThat(skills.get(0).coverage()).isEqualTo(0.5);
    assertThat(skills.get(1).coverage()).isNaN();
  }

  @Test
  void maseIsTheMeanOverEntities() {
    readings("a", 1, 2, 3, 6, 5, 9, 4);
    readings("b", 10, 20, 30, 60, 50, 90, 40);
    for (String entity : List.of("a", "b")) {
      skill.forecast(outlook(entity, 4, false, 7, 4.5f));
      skill.forecast(outlook(entity, 5, false, 0, 0));
      skill.forecast(outlook(entity, 6, false, 0, 0));
    }
    double b = (83 + 35.5) / 2 / 30;
    assertThat(skill.skills().get(0).mase()).isCloseTo((1.25 / 3 + b) / 2, within(1e-9));
    // Another unit changes nothing of a baseline's.
    assertThat(skill.skills().get(2).mase()).isCloseTo(2.0 / 3, within(1e-9));
  }

  @Test
  void aMissingTruthIsLeftOutForAll() {
    readings("a", 1, 2, 3, 6, 5, Double.NaN, 4);
    skill.forecast(outlook("a", 4, false, 7, 4.5f));
    skill.forecast(outlook("a", 5, false, 0, 0));
    skill.forecast(outlook("a", 6, false, 0, 0));
    assertThat(skill.targets()).isEqualTo(1);
    assertThat(skill.skills().get(0).mae()).isCloseTo(0.5, within(1e-9));
    assertThat(skill.skills().get(3).mae()).isCloseTo(2, within(1e-9));
  }

  /** Or a model could do away with its worst targets by not answering. */
  @Test
  void aForecastThatIsNoNumberIsNotLeftOut() {
    readings("a", 1, 2, 3, 6, 5, 9, 4);
    skill.forecast(outlook("a", 4, false, Float.NaN, 4.5f));
    skill.forecast(outlook("a", 5, false, 0, 0));
    skill.forecast(outlook("a", 6, false, 0, 0));
    assertThat(skill.targets()).isEqualTo(2);
    assertThat(skill.skills().get(0).mase()).isNaN();
    assertThat(skill.skills().get(2).mae()).isCloseTo(2, within(1e-9));
  }

  @Test
  void theLastValueIsTheLastOneKnown() {
    readings("a", 1, 2, 3, 6, Double.NaN, 9, 4);
    skill.forecast(outlook("a", 4, false, 7, 4.5f));
    skill.forecast(outlook("a", 5, false, 0, 0));
    skill.forecast(outlook("a", 6, false, 0, 0));
    // The second target has no value two steps before it; the first is |9-6| from the last known.
    assertThat(skill.targets()).isEqualTo(1);
    assertThat(skill.skills().get(1).mae()).isCloseTo(3, within(1e-9));
  }

  @Test
  void aForecastIsScoredOnlyByTheReadingOfItsLastStep() {
    readings("a", 1, 2, 3, 6, 5, 9, 4, 4);
    skill.forecast(outlook("a", 4, false, 7, 4.5f));
    // Slot 6 never came: the forecast of slot 4 stays open for good.
    skill.forecast(outlook("a", 7, false, 0, 0));
    assertThat(skill.targets()).isZero();
  }

  @Test
  void warmUpIsCountedAndNotScored() {
    readings("a", 1, 2, 3, 6, 5, 9, 4);
    skill.forecast(outlook("a", 4, true, 7, 4.5f));
    skill.forecast(outlook("a", 6, false, 0, 0));
    assertThat(skill.targets()).isZero();
    assertThat(skill.warmups()).isEqualTo(1);
    assertThat(skill.forecasts()).isEqualTo(1);
  }

  @Test
  void aLateReadingIsNoTruth() {
    skill.sending("a", 0, 1);
    skill.sending("a", 20, 3);
    skill.sending("a", 10, 99);
    skill.sending("a", 30, 5);
    // Only |3-1| can be said: the reading of slot 1 came after that of slot 2.
    assertThat(skill.scale("a")).isEqualTo(2);
  }

  @Test
  void yearsOfSilenceTakeNoMemory() {
    long later = 3_000_000_000L;
    readings("a", 1, 2, 3, 6);
    for (int i = 0; i < 7; i++) {
      skill.sending("a", 10 * (later + i), new double[] {1, 2, 3, 6, 5, 9, 4}[i]);
    }
    skill.forecast(outlook("a", later + 4, false, 7, 4.5f));
    skill.forecast(outlook("a", later + 6, false, 0, 0));
    assertThat(skill.targets()).isEqualTo(2);
    assertThat(skill.skills().get(0).mae()).isCloseTo(1.25, within(1e-9));
  }

  @Test
  void versionsAreCountedBySwapEpoch() {
    readings("a", 1, 2, 3, 6, 5, 9, 4);
    skill.forecast(outlook("a", 4, false, 1, 1));
    skill.forecast(new Outlook("a", 50, false, 2, 7, new float[6]));
    skill.forecast(new Outlook("a", 60, false, 2, 7, new float[6]));
    assertThat(skill.versions())
        .containsExactly(new LiveSkill.Version(1, 1, 1, 40), new LiveSkill.Version(2, 7, 2, 50));
  }

  @Test
  void oldReadingsAreForgottenWithoutLosingAScore() {
    int length = 5000;
    for (int i = 0; i < length; i++) {
      skill.sending("a", 10L * i, i % 2 == 0 ? 1 : 3);
      skill.forecast(outlook("a", i, false, i % 2 == 0 ? 3 : 1, i % 2 == 0 ? 1 : 3));
    }
    // Both targets of origins 2 to length - 3, and the second of origin 1: before them the long
    // season has no value.
    assertThat(skill.targets()).isEqualTo(2L * (length - 4) + 1);
    assertThat(skill.skills().get(0).mae()).isZero();
  }
}
