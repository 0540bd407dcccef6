package dev.eddy.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers by name, and what is said about one that is none. */
class NetworkReaderTest {

  @Test
  void layersComeInOrder() {
    PipelineConfig config =
        ConfigLoader.parse("name: a\nnetwork: [{lstm: {units: 8}}, {dense: {units: 4}}]");
    assertThat(config.forecast().network())
        .extracting(LayerSpec::kind)
        .containsExactly("lstm", "dense");
  }

  @Test
  void oneLstmIsTheDefault() {
    assertThat(ConfigLoader.parse("name: a").forecast().network())
        .extracting(LayerSpec::kind)
        .containsExactly("lstm");
  }

  @Test
  void anOverrideReachesIntoALayer() {
    assertThat(
            ConfigLoader.parse("name: a\nnetwork: [{lstm: {units: 8}}]", "network.0.lstm.units=9"))
        .extracting(config -> config.forecast().network().get(0))
        .isEqualTo(new Lstm(9));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [{lsmt: {units: 8}}]            | network[0]: unknown layer 'lsmt'; did you mean 'lstm'? Allowed:
          [{dense: {units: 1}}, {lstm: {unit: 8}}] | network[1].lstm.unit: unknown key; did you mean 'units'? Allowed:
          [{lstm: {units: many}}]         | network[0].lstm.units: found 'many', expected a whole number
          [{lstm: {units: 1.5}}]          | network[0].lstm.units: found '1.5', expected a whole number
          [{lstm: {units: 0}}]            | network[0].lstm: lstm: units must be from 1 to 16,777,216, got 0
          [{lstm: {}}]                    | network[0].lstm.units: missing; it is required
          [lstm]                          | network[0]: found 'lstm', expected one layer such as {lstm: {units: 64}}
          [{lstm: {units: 8}, dense: {}}] | network[0]: found a mapping of 2 keys, expected one layer
          [{lstm: 8}]                     | network[0].lstm: expected a mapping of this layer's parameters
          """)
  void wrongLayers(String network, String message) {
    assertThatThrownBy(() -> ConfigLoader.parse("name: a\nnetwork: " + network))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }
}
