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

  /** What a layer's page says may be left out. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {gru: {units: 4}}                       | {gru: 4}
          {rnn: {units: 4}}                       | {rnn: {units: 4, activation: tanh, learnedState: false}}
          {dense: {units: 4}}                     | {dense: 4}
          {dropout: {rate: 0.1}}                  | {dropout: 0.1}
          {layer-norm: {}}                        | {layer-norm: 1e-5}
          {layer-norm: }                          | {layer-norm: {epsilon: 1e-5}}
          {conv1d: {filters: 4, kernel: 3}}       | {conv1d: {filters: 4, kernel: 3, stride: 1, dilation: 1, padding: causal}}
          {activation: tanh}                      | {activation: {function: tanh}}
          {sequential: [{lstm: 4}, {dense: 2}]}   | {sequential: {layers: [{lstm: {units: 4}}, {dense: {units: 2}}]}}
          {residual: {layer: {lstm: 7}}}          | {residual: {layer: {lstm: {units: 7, peephole: false}}}}
          """)
  void thisIsTheSameAsThat(String one, String other) {
    assertThat(only(one)).isEqualTo(only(other));
  }

  private static LayerSpec only(String layer) {
    return ConfigLoader.parse("name: a\nnetwork: [" + layer + "]").forecast().network().get(0);
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
          [{lstm: {units: 99999999999}}]  | network[0].lstm.units: found '99999999999', expected a whole number below 2147483648
          [{lstm: {units: 0}}]            | network[0].lstm: units must be from 1 to 16,777,216, got 0
          [{lstm: {}}]                    | network[0].lstm.units: missing; it is required
          [lstm]                          | network[0]: found 'lstm', expected one layer such as {lstm: {units: 64}}
          [{lstm: {units: 8}, dense: {}}] | network[0]: found a mapping of 2 keys, expected one layer
          [{lstm: [8]}]                   | network[0].lstm.units: found a list, expected a whole number
          [{dropout: x}]                  | network[0].dropout.rate: found 'x', expected a number
          [{dropout: 2}]                  | network[0].dropout: rate must be from 0 to below 1, got 2.0
          [{dropout: {}}]                 | network[0].dropout.rate: missing; it is required
          [{conv1d: 8}]                   | network[0].conv1d.kernel: missing; it is required
          [{conv1d: {filters: 4, kernel: 3, padding: sme}}] | network[0].conv1d.padding: found 'sme', expected one of causal, same, valid; did you mean 'same'?
          [{gru: {units: 4, update: foo}}] | network[0].gru.update: found 'foo', expected one of keep, replace
          [{gru: {units: 4, resetAfter: maybe}}] | network[0].gru.resetAfter: found 'maybe', expected true or false
          [{gru: {units: 4, reset-after: true}}] | network[0].gru.reset-after: unknown key; did you mean 'resetAfter'?
          [{gru: {units: 4, recurrentDropout: 1.5}}] | network[0].gru: recurrentDropout must be from 0 to below 1, got 1.5
          [{lstm: {units: 4, gateActivation: relu}}] | network[0].lstm: gateActivation must be one of [sigmoid, hardSigmoid], got relu
          [{residual: {layer: 4}}]        | network[0].residual.layer: found '4', expected one layer such as
          [{residual: {}}]                | network[0].residual: needs a layer
          [{residual: {layer: {lsmt: 4}}}] | network[0].residual.layer: unknown layer 'lsmt'; did you mean 'lstm'?
          [{residual: {layer: {lstm: {unit: 4}}}}] | network[0].residual.layer.lstm.unit: unknown key; did you mean 'units'?
          [{sequential: [{lstm: 4}, {dense: 0}]}] | network[0].sequential.layers[1].dense: units must be from 1
          [{sequential: {layers: 4}}]     | network[0].sequential.layers: found '4', expected a list of layers
          [{lstm: 4}, {bidirectional: {layer: {gru: 4}}}] | network: bidirectional1: needs the whole sequence
          [{conv1d: {filters: 4, kernel: 3, padding: same}}] | network: conv1d0: needs the whole sequence
          [{gather: [0, x]}]              | network[0].gather.indices[1]: found 'x', expected a whole number
          """)
  void wrongLayers(String network, String message) {
    assertThatThrownBy(() -> ConfigLoader.parse("name: a\nnetwork: " + network))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }
}
