package dev.eddy.model.task.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.net.Network;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Live scores against a recomputation from the whole history. */
class ScoreTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void equalsTheNaiveRecomputation(long seed) {
    ForecastSpec spec = Fixtures.task();
    Network network = ForecastNetwork.build(spec);
    Forecaster forecaster =
        new Forecaster(
            spec, network, network.initialWeights(seed), 1, 1, KernelSelection.kernels());
    Entity entity = new Entity(spec, forecaster);
    RawSeries raw = Fixtures.series("a", 300, seed);
    Map<Long, Double> truth = new TreeMap<>(); // values by slot, as far as they have come
    Map<Long, Forecast> newest = new HashMap<>(); // forecasts by origin slot
    int scored = 0;
    for (int t = 0; t < raw.length(); t++) {
      long slot = spec.slot(raw.time(t));
      boolean again = truth.containsKey(slot);
      truth.put(slot, raw.value(t));
      Forecast forecast = entity.run(forecaster, raw, t, t + 1);
      Score score = forecaster.score(entity.state, entity.pending, forecast);
      Forecast matured = newest.get(slot - spec.horizon());
      if (again || matured == null) {
        assertThat(score).isNull();
      } else {
        assertThat(score.origin()).isEqualTo(matured.origin());
        assertThat(score.warmup()).isEqualTo(matured.warmup());
        check(spec, score, matured, truth);
        scored += score.count();
      }
      newest.put(slot, forecast);
    }
    assertThat(scored).isGreaterThan(200);
  }

  private static void check(
      ForecastSpec spec, Score score, Forecast forecast, Map<Long, Double> truth) {
    long origin = spec.slot(forecast.origin());
    double last = Double.NaN;
    for (long slot = origin; slot > origin - 12 && Double.isNaN(last); slot--) {
      last = truth.getOrDefault(slot, Double.NaN);
    }
    int count = 0;
    double mae = 0;
    double lastMae = 0;
    double[] season = new double[2];
    double covered = 0;
    for (int h = 1; h <= spec.horizon(); h++) {
      double y = truth.getOrDefault(origin + h, Double.NaN);
      double six = truth.getOrDefault(origin + h - 6, Double.NaN);
      double twelve = truth.getOrDefault(origin + h - 12, Double.NaN);
      if (Double.isNaN(y + last + six + twelve)) {
        continue;
      }
      count++;
      float[] q = forecast.quantiles();
      mae += Math.abs(q[3 * (h - 1) + 1] - y);
      lastMae += Math.abs(last - y);
      season[0] += Math.abs(six - y);
      season[1] += Math.abs(twelve - y);
      covered += y >= q[3 * (h - 1)] && y <= q[3 * (h - 1) + 2] ? 1 : 0;
    }
    assertThat(score.count()).isEqualTo(count);
    double n = Math.max(count, 1);
    assertThat(score.mae()).isCloseTo(mae / n, within(1e-9));
    assertThat(score.lastMae()).isCloseTo(lastMae / n, within(1e-9));
    assertThat(score.seasonMae()[0]).isCloseTo(season[0] / n, within(1e-9));
    assertThat(score.seasonMae()[1]).isCloseTo(season[1] / n, within(1e-9));
    assertThat(score.covered()).isCloseTo(covered / n, within(1e-9));
  }
}
