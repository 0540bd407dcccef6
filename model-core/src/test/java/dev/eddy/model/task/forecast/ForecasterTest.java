package dev.eddy.model.task.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.Bidirectional;
import dev.eddy.model.layer.Concat;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Conv1d;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Dropout;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.InputFeeding;
import dev.eddy.model.layer.LayerNorm;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Padding;
import dev.eddy.model.layer.Pool;
import dev.eddy.model.layer.Residual;
import dev.eddy.model.layer.SimpleRnn;
import dev.eddy.model.layer.TimeSubsampling;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ForecasterTest {
  private static Forecaster forecaster(ForecastSpec spec, int version) {
    Network network = ForecastNetwork.build(spec);
    float[] weights = network.initialWeights(version);
    return new Forecaster(
        spec, network, weights, version, 10L * version, KernelSelection.kernels());
  }

  /** The offline pass: the network's own forward over the encoded series, decoded. */
  private static List<float[]> offline(ForecastSpec spec, RawSeries raw, int version) {
    Network network = ForecastNetwork.build(spec);
    float[] weights = network.initialWeights(version);
    ForecastSeries series = new ForecastSeries(spec, new ForecastEncoder(spec), raw);
    int time = series.length();
    Bundle inputs =
        Bundle.of(FloatSeq.zeros(time, 1, series.input().main()))
            .with("series", FloatSeq.zeros(time, 1, 3));
    for (int t = 0; t < time; t++) {
      series.input(t, inputs, t, 0);
    }
    float[] state = new float[network.stateSize()];
    network.initialState(weights, state, 0);
    Context context = Context.stepping(KernelSelection.kernels());
    FloatSeq output = network.forward(weights, inputs, state, context);
    List<float[]> forecasts = new ArrayList<>();
    for (int t = 0; t < time; t++) {
      float[] quantiles = new float[spec.outputWidth()];
      ForecastDecoder.decode(
          spec, output.data(), output.at(t, 0), series.mean(t), series.std(t), quantiles);
      forecasts.add(quantiles);
    }
    return forecasts;
  }

  @ParameterizedTest
  @EnumSource(ForecastSpec.Skip.class)
  void streamingEqualsTheOfflinePassToTheBit(ForecastSpec.Skip skip) {
    streamingEqualsTheOfflinePass(Fixtures.task(skip, 40, List.of(new Lstm(5))));
  }

  static Stream<List<LayerSpec>> causalNetworks() {
    return Stream.of(
        List.of(Gru.of(4).withLearnedState()),
        List.of(new Gru(4, false, Gru.Update.REPLACE), Dropout.of(0.3f)),
        List.of(SimpleRnn.of(4).withRecurrentDropout(0.2f), LayerNorm.standard()),
        List.of(new Lstm(3).withPeephole().withLearnedState(), new Residual(Gru.of(3))),
        List.of(Conv1d.causal(3, 4), new Conv1d(3, 2, 1, 3, Padding.CAUSAL, Activation.TANH)),
        List.of(new InputFeeding(Concat.of(new Lstm(2), Dense.linear(2)), 1)));
  }

  @ParameterizedTest
  @MethodSource("causalNetworks")
  void everyKindOfMemoryStreamsToTheBit(List<LayerSpec> network) {
    streamingEqualsTheOfflinePass(Fixtures.task(ForecastSpec.Skip.LINEAR, 40, network));
  }

  static Stream<List<LayerSpec>> networksThatLookAhead() {
    return Stream.of(
        List.of(new Lstm(3), Bidirectional.of(Gru.of(2))),
        List.of(new Lstm(3), new Pool(Pool.Mode.MEAN)),
        List.of(new Lstm(3), new Conv1d(2, 3, 1, 1, Padding.SAME, null)),
        List.of(new Lstm(3), new TimeSubsampling(2)),
        List.of(new Lstm(3), new Residual(new Bidirectional(Gru.of(3), Bidirectional.Merge.SUM))));
  }

  @ParameterizedTest
  @MethodSource("networksThatLookAhead")
  void aLayerThatNeedsTheWholeSeriesIsRefusedByName(List<LayerSpec> network) {
    ForecastSpec spec = Fixtures.task(ForecastSpec.Skip.LINEAR, 40, network);
    assertThatThrownBy(() -> ForecastNetwork.build(spec))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(network.get(1).kind() + "1: needs the whole sequence");
  }

  private static void streamingEqualsTheOfflinePass(ForecastSpec spec) {
    RawSeries raw = Fixtures.series("a", 150, 3);
    List<float[]> expected = offline(spec, raw, 1);
    Forecaster forecaster = forecaster(spec, 1);
    Entity entity = new Entity(spec, forecaster);
    for (int t = 0; t < raw.length(); t++) {
      Forecast forecast = entity.run(forecaster, raw, t, t + 1);
      assertThat(forecast.quantiles()).as("step %d", t).isEqualTo(expected.get(t));
      assertThat(forecast.step()).isEqualTo(t + 1);
      assertThat(forecast.origin()).isEqualTo(raw.time(t));
      assertThat(forecast.warmup()).isEqualTo(t + 1 < spec.warmup());
    }
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void randomBatchesGiveTheSameBits() {
    ForecastSpec spec = Fixtures.task();
    int entities = 7;
    Forecaster forecaster = forecaster(spec, 2);
    List<RawSeries> raws = new ArrayList<>();
    List<List<float[]>> expected = new ArrayList<>();
    List<Entity> live = new ArrayList<>();
    for (int e = 0; e < entities; e++) {
      raws.add(Fixtures.series("e" + e, 60 + 10 * e, e));
      expected.add(offline(spec, raws.get(e), 2));
      live.add(new Entity(spec, forecaster));
    }
    Rng random = new Rng(5);
    int[] next = new int[entities];
    while (IntStream.range(0, entities).anyMatch(e -> next[e] < raws.get(e).length())) {
      List<Integer> who =
          IntStream.range(0, entities)
              .filter(e -> next[e] < raws.get(e).length() && random.nextInt(2) == 0)
              .boxed()
              .toList();
      int count = who.size();
      ForecastState[] states = new ForecastState[count + 2]; // arrays may be longer than the batch
      Slots[] rings = new Slots[count];
      Reading[] readings = new Reading[count];
      Forecast[] out = new Forecast[count];
      for (int i = 0; i < count; i++) {
        int e = who.get(i);
        states[i] = live.get(e).state;
        rings[i] = live.get(e).ring;
        readings[i] = new Reading(raws.get(e).time(next[e]), raws.get(e).value(next[e]));
      }
      forecaster.step(count, states, rings, readings, out);
      for (int i = 0; i < count; i++) {
        int e = who.get(i);
        assertThat(out[i].quantiles()).isEqualTo(expected.get(e).get(next[e]));
        next[e]++;
      }
    }
  }

  @Test
  void reWarmingFromARingThatCoversTheHistoryGivesTheStateOfARunFromTheStart() {
    ForecastSpec spec = Fixtures.task(ForecastSpec.Skip.LINEAR, 200, List.of(new Lstm(5)));
    RawSeries raw = Fixtures.series("a", 180, 4);
    Forecaster old = forecaster(spec, 1);
    Forecaster fresh = forecaster(spec, 2);
    Entity swapped = new Entity(spec, old);
    swapped.run(old, raw, 0, 170);
    assertThat(fresh.stale(swapped.state)).isTrue();
    assertThatThrownBy(() -> swapped.run(fresh, raw, 170, 171))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("version 1");
    fresh.rewarm(swapped.state, swapped.ring);
    assertThat(fresh.stale(swapped.state)).isFalse();

    Entity fromStart = new Entity(spec, fresh);
    fromStart.run(fresh, raw, 0, 170);
    swapped.hasTheBitsOf(fromStart);
    assertThat(swapped.run(fresh, raw, 170, 180).quantiles())
        .isEqualTo(fromStart.run(fresh, raw, 170, 180).quantiles());
  }

  @Test
  void aShorterRingGivesAStateThatIsCloseAndTheSameScale() {
    ForecastSpec spec = Fixtures.task(ForecastSpec.Skip.LINEAR, 60, List.of(new Lstm(5)));
    RawSeries raw = Fixtures.series("a", 300, 6);
    Forecaster old = forecaster(spec, 1);
    Forecaster fresh = forecaster(spec, 2);
    Entity swapped = new Entity(spec, old);
    swapped.run(old, raw, 0, 299);
    assertThat(swapped.state.baseStep).isEqualTo(239);
    assertThat(swapped.state.baseTime).isEqualTo(raw.time(238));
    fresh.rewarm(swapped.state, swapped.ring);
    Entity fromStart = new Entity(spec, fresh);
    fromStart.run(fresh, raw, 0, 299);
    float[] close = swapped.run(fresh, raw, 299, 300).quantiles();
    float[] exact = fromStart.run(fresh, raw, 299, 300).quantiles();
    for (int i = 0; i < exact.length; i++) {
      assertThat(close[i]).isCloseTo(exact[i], within(0.05f));
    }
    assertThat(swapped.state.scaleMean).isEqualTo(fromStart.state.scaleMean);
    assertThat(swapped.state.scaleSquares).isEqualTo(fromStart.state.scaleSquares);
  }

  @Test
  void aReWarmDoesNotReachBehindAReset() {
    ForecastSpec spec = Fixtures.task(ForecastSpec.Skip.LINEAR, 200, List.of(new Lstm(5)));
    RawSeries raw = Fixtures.series("a", 120, 7);
    Forecaster one = forecaster(spec, 1);
    Forecaster two = forecaster(spec, 2);
    Entity swapped = new Entity(spec, one);
    swapped.run(one, raw, 0, 50);
    one.reset(swapped.state);
    swapped.run(one, raw, 50, 100);
    two.rewarm(swapped.state, swapped.ring);

    Entity expected = new Entity(spec, two);
    expected.run(two, raw, 0, 50);
    two.reset(expected.state);
    expected.run(two, raw, 50, 100);
    swapped.hasTheBitsOf(expected);
  }

  @Test
  void keepGoesOnUnderNewMarksAndRefusesAnotherArchitecture() {
    ForecastSpec spec = Fixtures.task();
    RawSeries raw = Fixtures.series("a", 30, 8);
    Forecaster one = forecaster(spec, 1);
    Entity entity = new Entity(spec, one);
    entity.run(one, raw, 0, 29);
    float[] hidden = entity.state.hidden.clone();
    Forecaster two = forecaster(spec, 2);
    two.keep(entity.state);
    assertThat(entity.state.hidden).isEqualTo(hidden);
    assertThat(entity.run(two, raw, 29, 30).modelVersion()).isEqualTo(2);
    ForecastSpec wider = Fixtures.task(ForecastSpec.Skip.LINEAR, 40, List.of(new Lstm(6)));
    Forecaster other = forecaster(wider, 3);
    assertThat(other.stale(entity.state)).isTrue();
    assertThatThrownBy(() -> other.keep(entity.state)).isInstanceOf(IllegalStateException.class);
    other.rewarm(entity.state, entity.ring);
    assertThat(entity.state.hidden).hasSize(ForecastNetwork.build(wider).stateSize());
  }

  @Test
  void refusesAReadingThatIsLate() {
    ForecastSpec spec = Fixtures.task();
    Forecaster forecaster = forecaster(spec, 1);
    Entity entity = new Entity(spec, forecaster);
    entity.step(forecaster, new Reading(1000, 1));
    entity.step(forecaster, new Reading(1000, 2)); // the same time is applied
    assertThatThrownBy(() -> entity.step(forecaster, new Reading(999, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("late");
    assertThat(entity.state.step).isEqualTo(2);
  }

  @Test
  void constantMissingHugeAndJumpingSeriesStayFinite() {
    ForecastSpec spec = Fixtures.task();
    Forecaster forecaster = forecaster(spec, 1);
    Entity entity = new Entity(spec, forecaster);
    for (int t = 0; t < 10; t++) {
      Forecast nothing = entity.step(forecaster, new Reading(t * Fixtures.STEP, Double.NaN));
      assertThat(nothing.warmup()).isTrue();
    }
    Forecast flat = null;
    for (int t = 10; t < 60; t++) {
      flat = entity.step(forecaster, new Reading(t * Fixtures.STEP, 7.5));
    }
    for (float quantile : flat.quantiles()) {
      assertThat(quantile).isCloseTo(7.5f, within(1e-3f));
    }
    double[] odd = {7.5e9, Double.POSITIVE_INFINITY, 1e300, -1e30, 0, 7.5};
    for (int i = 0; i < odd.length; i++) {
      Forecast forecast = entity.step(forecaster, new Reading((60 + i) * Fixtures.STEP, odd[i]));
      for (float quantile : forecast.quantiles()) {
        assertThat(quantile).isFinite();
      }
      assertThat(forecast.warmup()).isFalse();
    }
  }

  @Test
  void quantilesAscend() {
    ForecastSpec spec = Fixtures.task();
    for (float[] quantiles : offline(spec, Fixtures.series("a", 50, 9), 3)) {
      for (int h = 0; h < spec.horizon(); h++) {
        float[] step = Arrays.copyOfRange(quantiles, 3 * h, 3 * h + 3);
        assertThat(step).isSorted();
      }
    }
  }
}
