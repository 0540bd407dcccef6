package dev.eddy.model.task.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastSpecTest {
  private static final List<LayerSpec> LSTM = List.of(new Lstm(4));

  private static ForecastSpec spec(int horizon, double[] quantiles, int[] seasons) {
    return new ForecastSpec(
        horizon, 1000, quantiles, seasons, ForecastSpec.Skip.NONE, 0, 100, 10, 50, LSTM);
  }

  @Test
  void survivesJson() {
    ForecastSpec spec = Fixtures.task();
    assertThat(ForecastSpec.fromJson(spec.toJson())).isEqualTo(spec).hasSameHashCodeAs(spec);
    assertThat(spec.toJson()).isEqualTo(Fixtures.task().toJson());
    assertThat(spec).isNotEqualTo(spec(1, new double[] {0.5}, new int[] {1}));
  }

  @Test
  void cannotBeChangedThroughItsArrays() {
    double[] quantiles = {0.1, 0.5};
    int[] seasons = {24};
    ForecastSpec spec = spec(3, quantiles, seasons);
    quantiles[0] = 0.4;
    spec.quantiles()[0] = 0.3;
    seasons[0] = 1;
    spec.seasons()[0] = 2;
    assertThat(spec.quantiles()).containsExactly(0.1, 0.5);
    assertThat(spec.seasons()).containsExactly(24);
  }

  @Test
  void namesWhatIsWrong() {
    int[] day = {24};
    double[] median = {0.5};
    refused(() -> spec(0, median, day), "forecast.horizon must be from 1 to 100000, got 0");
    refused(() -> spec(99_999, new double[] {0.1, 0.5}, day), "horizon times quantiles");
    refused(() -> spec(1, new double[] {0.1, 0.9}, day), "0.5 among them");
    refused(() -> spec(1, new double[] {0.5, 0.2}, day), "ascending within (0, 1)");
    refused(() -> spec(1, new double[0], day), "forecast.quantiles");
    refused(() -> spec(1, median, new int[] {168, 24}), "forecast.season must be lengths");
    refused(() -> spec(1, median, new int[0]), "at least one season");
    refused(
        () ->
            new ForecastSpec(1, 1000, median, day, ForecastSpec.Skip.NONE, 0, 10, 1, 1, List.of()),
        "at least one layer");
  }

  @Test
  void refusesTextThatIsNoSpecification() {
    refused(() -> ForecastSpec.fromJson("null"), "got null");
    String json = Fixtures.task().toJson();
    refused(() -> ForecastSpec.fromJson(json.replaceFirst("}$", ",\"what\":2}")), "what");
    refused(() -> ForecastSpec.fromJson(json.replace("lstm", "java.io.File")), "java.io.File");
    refused(
        () -> ForecastSpec.fromJson(json.replace("\"horizon\":4", "\"horizon\":-4")),
        "forecast.horizon must be");
  }

  private static void refused(Runnable code, String message) {
    assertThatThrownBy(code::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
