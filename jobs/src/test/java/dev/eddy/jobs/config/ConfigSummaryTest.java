package dev.eddy.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfigSummaryTest {
  @Test
  void valuesAsUsedWithoutSecrets() {
    PipelineConfig config =
        ConfigLoader.parse(
            """
            name: load
            kafka: {bootstrap: "k:9092", properties: {sasl.jaas.config: hunter2-hunter2, acks: all}}
            forecast: {horizon: 6, step: 1h, quantiles: [0.1, 0.5, 0.9], seasons: [24]}
            network: [{lstm: {units: 8}}]
            training: {shards: 3, local-steps: 12, refit: true}
            """);
    assertThat(ConfigSummary.of(config))
        .containsEntry("name", "load")
        .containsEntry("kafka.bootstrap", "k:9092")
        .containsEntry("kafka.properties.sasl.jaas.config", Redaction.HIDDEN)
        .containsEntry("kafka.properties.acks", "all")
        .containsEntry("source.topic", "load.events")
        .containsEntry("forecast.quantiles", "[0.1, 0.5, 0.9]")
        .containsEntry("training.shards", "3")
        .containsEntry("training.local-steps", "12")
        .containsEntry("training.moments", "average")
        .containsEntry("training.outer.kind", "average")
        .containsEntry("training.refit", "true")
        .containsEntry("training.stragglers.drop", "false")
        .doesNotContainKey("source.file")
        .hasEntrySatisfying(
            "forecast.network", network -> assertThat(network).contains("lstm", "8"))
        .allSatisfy((key, value) -> assertThat(value).doesNotContain("hunter2", "@"));
  }
}
