package dev.eddy.model.task.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.train.Averaging;
import dev.eddy.model.train.LocalSteps;
import dev.eddy.model.train.ScoreSum;
import dev.eddy.model.train.Scorer;
import dev.eddy.model.train.ShardData;
import dev.eddy.model.train.Stretch;
import dev.eddy.model.train.TrainingSetup;
import dev.eddy.model.train.TrainingSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForecastTrainingTest {
  private static final ForecastSpec TASK = Fixtures.task();

  private static TrainingSpec training(int shards) {
    return new TrainingSpec(shards, 5, 3, 2, 4, 10, 12, 1e-3, 1, 0, 1);
  }

  private static RawSeries regular(String entity, int length, double... values) {
    RawSeries series = new RawSeries(entity);
    for (int t = 0; t < length; t++) {
      series.add(t * Fixtures.STEP, values[t % values.length]);
    }
    return series;
  }

  private static List<RawSeries> some(int entities, int length) {
    List<RawSeries> series = new ArrayList<>();
    for (int e = 0; e < entities; e++) {
      series.add(regular("e" + e, length, 1, 2, 5, 3, 2, 0, e));
    }
    return series;
  }

  private static ForecastTraining plan(int shards, List<RawSeries> series) {
    return new ForecastTraining(
        TASK, training(shards), ForecastTraining.Cut.of(TASK, series, 0.2, 0.2), series);
  }

  @Test
  void everyStepIsDealtOnceAndNoTargetReachesIntoTheNextStretch() {
    List<RawSeries> series = some(3, 200);
    ForecastTraining training = plan(4, series);
    Set<String> seen = new HashSet<>();
    int[] steps = new int[4];
    for (ShardData shard : training.shards()) {
      for (Stretch stretch : shard.train()) {
        steps[shard.shard()] += stretch.length();
        cover(stretch, seen, 0, 120);
      }
      for (Stretch stretch : shard.validation()) {
        cover(stretch, seen, 120, 160);
      }
      for (Stretch stretch : training.gate(shard.shard())) {
        cover(stretch, seen, 160, 200);
      }
    }
    // Per entity: origins 7 .. 115 train, 119 .. 155 validate, 159 .. 195 decide.
    assertThat(seen).hasSize(3 * (109 + 37 + 37));
    for (int shard : steps) {
      assertThat(shard).isBetween(3 * 109 / 4 - 30, 3 * 109 / 4 + 30);
    }
  }

  /** One entity has 90 % of the readings. */
  @Test
  void skewedHistoriesAreBalanced() {
    List<RawSeries> series = new ArrayList<>();
    series.add(regular("huge", 3600, 1, 2, 5, 3, 2, 0));
    for (int e = 0; e < 8; e++) {
      series.add(regular("small" + e, 50, 1, 2, 5, 3, 2, 0, e));
    }
    assertThat(mostLoad(new ForecastTraining(TASK, training(4), cut(), series))).isLessThan(1.1);
  }

  @Test
  void aSingleEntityIsSharedByAllShards() {
    List<RawSeries> series = List.of(regular("only", 3600, 1, 2, 5, 3, 2, 0));
    ForecastTraining plan = new ForecastTraining(TASK, training(4), cut(), series);
    assertThat(mostLoad(plan)).isLessThan(1.01);
    // Whoever begins in the middle has the steps before to warm its state over.
    for (ShardData shard : plan.shards()) {
      assertThat(shard.train()).hasSize(4).allMatch(stretch -> stretch.series().length() == 3600);
    }
  }

  /** The steps of an epoch are the same for whoever makes the plan, and end up in the schedule. */
  @Test
  void thePlanKnowsTheStepsOfAnEpoch() {
    List<RawSeries> series = some(3, 200);
    TrainingSpec epochs =
        training(4).withAveraging(Averaging.every(1).withLocalSteps(LocalSteps.everyEpoch()));
    TrainingSpec resolved =
        new ForecastTraining(TASK, epochs, ForecastTraining.Cut.of(TASK, series, 0.2, 0.2), series)
            .setup(KernelSelection.kernels())
            .spec();
    // 18 pieces of about 18 steps, each a segment: 5, 5, 4 and 4 for the shards. Blocks of 4
    // segments
    // and 3 chunks: 6, 6, 3 and 3 steps, 4.5 in the mean.
    assertThat(resolved.averaging()).isEqualTo(Averaging.every(5));
    assertThat(resolved.update().schedule()).isEqualTo(TrainingSpec.defaultSchedule(15));
  }

  private static ForecastTraining.Cut cut() {
    return new ForecastTraining.Cut(
        4000 * Fixtures.STEP, 4000 * Fixtures.STEP, 4000 * Fixtures.STEP);
  }

  /** Steps of the shard that has most, divided by the mean. */
  private static double mostLoad(ForecastTraining plan) {
    int[] steps =
        plan.shards().stream()
            .mapToInt(shard -> shard.train().stream().mapToInt(Stretch::length).sum())
            .toArray();
    return Arrays.stream(steps).max().orElseThrow() / Arrays.stream(steps).average().orElseThrow();
  }

  private static void cover(Stretch stretch, Set<String> seen, int from, int to) {
    float[] target = new float[TASK.horizon()];
    for (int t = stretch.from(); t < stretch.to(); t++) {
      assertThat(seen.add(stretch.series().name() + t)).isTrue();
      assertThat(t + 1).isGreaterThanOrEqualTo(from);
      assertThat(t + TASK.horizon()).isLessThan(to);
      stretch.series().target(t, target, 0);
      for (float value : target) {
        assertThat(value).isFinite();
      }
    }
  }

  /** A meter that starts with its clock at 1970 stretches the time range over decades. */
  @Test
  void aClockThatWasWrongIsNamed() {
    RawSeries wrong = new RawSeries("e7");
    wrong.add(1, 5);
    long now = 1_700_000_000_000L;
    for (int t = 0; t < 300; t++) {
      wrong.add(now + t * Fixtures.STEP, t % 7);
    }
    assertThatThrownBy(() -> plan(2, List.of(wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the oldest reading is of 1970-01-01T00:00:00.001Z by 'e7'")
        .hasMessageContaining("training.start");
  }

  @Test
  void thePlanDoesNotDependOnTheOrderOfTheSeries() {
    List<RawSeries> series = some(9, 150);
    List<RawSeries> turned = new ArrayList<>(series);
    Collections.reverse(turned);
    assertThat(describe(plan(3, turned))).isEqualTo(describe(plan(3, series)));
    assertThat(plan(3, turned).provenance()).isEqualTo(plan(3, series).provenance());
  }

  private static List<String> describe(ForecastTraining training) {
    List<String> all = new ArrayList<>();
    for (ShardData shard : training.shards()) {
      for (Stretch stretch : shard.train()) {
        all.add(
            "%d %s %d %d"
                .formatted(shard.shard(), stretch.series().name(), stretch.from(), stretch.to()));
      }
    }
    return all;
  }

  @Test
  void constantShortAndEmptySeriesTakeNoPart() {
    List<RawSeries> series = new ArrayList<>(some(2, 200));
    series.add(regular("flat", 200, 4));
    series.add(regular("missing", 200, Double.NaN));
    series.add(regular("short", 8, 1, 2));
    series.add(new RawSeries("none"));
    Set<String> names = new HashSet<>();
    for (ShardData shard : plan(2, series).shards()) {
      shard.train().forEach(stretch -> names.add(stretch.series().name()));
      shard.validation().forEach(stretch -> names.add(stretch.series().name()));
    }
    assertThat(names).containsExactlyInAnyOrder("e0", "e1");
  }

  @Test
  void saysWhatIsMissing() {
    refused(() -> plan(2, List.of()), "no readings");
    refused(() -> plan(2, some(2, 8)), "shorter than forecast.warmup + horizon = 8 + 4");
    refused(() -> plan(2, List.of(regular("flat", 200, 4))), "1 are constant");
    refused(
        () -> {
          List<RawSeries> series = some(1, 100);
          new ForecastTraining(
              TASK, training(1), ForecastTraining.Cut.of(TASK, series, 0.02, 0.2), series);
        },
        "training.validation");
    refused(() -> plan(2, List.of(some(1, 100).get(0), some(1, 100).get(0))), "two series");
    TrainingSpec cold = new TrainingSpec(1, 5, 3, 2, 4, 10, 11, 1e-3, 1, 0, 1);
    List<RawSeries> series = some(1, 100);
    ForecastTraining.Cut cut = ForecastTraining.Cut.of(TASK, series, 0.2, 0.2);
    refused(
        () -> new ForecastTraining(TASK, cold, cut, series),
        "training.warmup must be at least forecast.lookback (12)");
  }

  private static void refused(Runnable code, String message) {
    assertThatThrownBy(code::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theGateComparesWithBaselinesInUnitsOfEachEntity() {
    // The second entity is the first one, a thousand times as large: its errors must not rule.
    RawSeries small = Fixtures.series("small", 400, 11);
    RawSeries large = new RawSeries("large");
    for (int t = 0; t < small.length(); t++) {
      large.add(small.time(t), 1000 * small.value(t));
    }
    ScoreSum one = gate(List.of(small));
    ScoreSum both = gate(List.of(small, large));
    assertThat(both.sums()[1]).isEqualTo(2 * one.sums()[1]);
    for (int i = 2; i < one.sums().length; i++) {
      // Not exactly: a lone entity is cut in two for the shards, each part with a warm-up of its
      // own.
      assertThat(both.sums()[i]).isCloseTo(2 * one.sums()[i], within(1e-2 * one.sums()[i]));
    }
    GateScore score = new GateScore(one, null);
    GateDecision decision = ForecastTraining.decide(TASK, score, GateRules.margin(-10));
    assertThat(decision.metrics())
        .containsOnlyKeys(
            "mase", "mase-last", "mase-naive-6", "mase-naive-12", "coverage@80", "pinball");
    assertThat(decision.publish()).isTrue();
    assertThat(decision.text()).endsWith("; no model was live");
    GateDecision refused = ForecastTraining.decide(TASK, score, GateRules.margin(0.99));
    assertThat(refused.publish()).isFalse();
    assertThat(refused.text()).startsWith("refused: MASE").contains(", -99.0 % asked for");
    GateScore nothing = new GateScore(new ScoreSum(0, new double[one.sums().length]), null);
    assertThat(ForecastTraining.decide(TASK, nothing, new GateRules(0, 0, null, true)).publish())
        .isFalse();
  }

  @Test
  void theLiveModelIsScoredOnTheSameStepsByItsOwnNetworkAndScale() {
    List<RawSeries> series = List.of(Fixtures.series("a", 400, 11), Fixtures.series("b", 300, 12));
    ForecastTraining training = plan(2, series);
    float[] weights = training.setup(KernelSelection.kernels()).network().initialWeights(3);
    ScoreSum model = gate(series);
    assertThat(gateOf(training, TASK, weights).sums())
        .as("the same model is as good as itself, to the bit")
        .containsExactly(model.sums());

    ForecastSpec other =
        new ForecastSpec(
            TASK.horizon(),
            TASK.stepMillis(),
            new double[] {0.5},
            new int[] {5},
            ForecastSpec.Skip.LAST,
            0,
            40,
            90,
            20,
            List.of(new Lstm(3)));
    ScoreSum live = gateOf(training, other, ForecastNetwork.build(other).initialWeights(5));
    assertThat(live.count())
        .as("a longer warm-up of entities leaves out nothing")
        .isEqualTo(model.count());
    assertThat(live.sums()[1]).isEqualTo(model.sums()[1]);
    assertThat(live.sums()[2]).isNotEqualTo(model.sums()[2]);
    for (int baseline = 3; baseline < 6; baseline++) {
      assertThat(live.sums()[baseline]).isEqualTo(model.sums()[baseline]);
    }
  }

  @Test
  void aModelOfAnotherHorizonOrStepIsNotCompared() {
    ForecastSpec longer = task(TASK.horizon() + 1, TASK.stepMillis());
    assertThat(ForecastTraining.incomparable(TASK, longer))
        .hasValueSatisfying(why -> assertThat(why).contains("5 steps ahead, not 4"));
    assertThat(ForecastTraining.incomparable(TASK, task(TASK.horizon(), 7))).isPresent();
    assertThat(ForecastTraining.incomparable(TASK, TASK)).isEmpty();
    assertThatThrownBy(() -> gateOf(plan(2, some(2, 200)), longer, new float[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ForecastSpec task(int horizon, long step) {
    return new ForecastSpec(
        horizon,
        step,
        TASK.quantiles(),
        TASK.seasons(),
        TASK.skip(),
        TASK.lookback(),
        TASK.scaleWindow(),
        TASK.warmup(),
        TASK.ring(),
        TASK.network());
  }

  private static ScoreSum gateOf(ForecastTraining training, ForecastSpec live, float[] weights) {
    return training
        .gateOf(live, weights, 0, KernelSelection.kernels())
        .plus(training.gateOf(live, weights, 1, KernelSelection.kernels()));
  }

  private static ScoreSum gate(List<RawSeries> series) {
    ForecastTraining training = plan(2, series);
    TrainingSetup setup = training.setup(KernelSelection.kernels());
    float[] weights = setup.network().initialWeights(3);
    Scorer scorer = new Scorer(setup);
    return scorer
        .score(weights, training.gate(0), training.gateMetrics())
        .plus(scorer.score(weights, training.gate(1), training.gateMetrics()));
  }
}
