package dev.eddy.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets never show, not even in what is said about a wrong configuration. */
class RedactionTest {
  private static final String SECRET = "hunter2-hunter2";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sasl.jaas.config",
        "ssl.keystore.password",
        "ssl.key.password",
        "ssl.truststore.password",
        "ssl.keystore.key",
        "sasl.oauthbearer.client.credentials.client.secret",
        "a.key.nobody.knows"
      })
  void secretPropertiesAreHiddenWhereverConfigurationIsShown(String key) {
    PipelineConfig config =
        ConfigLoader.parse(
            "name: a\nnetwork: []\nkafka: {properties: {%s: '%s'}}".formatted(key, SECRET));
    assertThat(config.kafka().properties()).containsEntry(key, SECRET);
    assertThat(List.of(config.toString(), config.kafka().toString(), "" + config.kafka()))
        .allSatisfy(shown -> assertThat(shown).contains(key + "=***").doesNotContain(SECRET));
  }

  @Test
  void harmlessPropertiesAreShownUnlessTheyCameByAReference() {
    Map<String, String> properties = Map.of("security.protocol", "SASL_SSL", "acks", "all");
    assertThat(Redaction.properties(properties, Set.of("acks")))
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("acks", "***");
    PipelineConfig config =
        ConfigLoader.parse(
            "name: a\nnetwork: []\nkafka: {properties: {client.rack: '${S}'}}",
            List.of(),
            Map.of("S", SECRET),
            warning -> {});
    assertThat(config.toString()).doesNotContain(SECRET).contains("client.rack=***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: '${S}/'\nnetwork: []",
        "name: a\nnetwork: []\ntask: '${S}'",
        "name: a\nnetwork: []\nkafka: {bootstrap: '${S}'}",
        "name: a\nnetwork: []\ntraining: {shards: '${S}', validation: '${S}', start: '${S}'}",
        "name: a\nnetwork: []\nforecast: {step: '${S}', skip: '${S}', quantiles: ['${S}']}",
        "name: a\nnetwork: []\nkafka: {properties: {sasl.jaas.config: [hunter2-hunter2]}}",
        "name: a\nnetwork: []\nkafka: {properties: {group.id: hunter2-hunter2}}",
        "name: a\nkafka: {properties: {sasl.jaas.config: \"hunter2-hunter2}}",
        "name: a\nkafka: {properties: {sasl.jaas.config: a: hunter2-hunter2: b}}",
        "name: a\nkafka: {properties: {sasl.jaas.config: *hunter2-hunter2}}",
        "name: a\nkafka: {properties: {sasl.jaas.config: !hunter2-hunter2 @x}}",
        "name: a\nkafka:\n  properties:\n  sasl.jaas.config: x\n hunter2-hunter2",
      })
  void errorsNameTheKeyButNeverTheSecret(String yaml) {
    Throwable error =
        catchThrowable(
            () -> ConfigLoader.parse(yaml, List.of(), Map.of("S", SECRET), warning -> {}));
    assertThat(error).isInstanceOf(ConfigException.class);
    StringWriter all = new StringWriter();
    error.printStackTrace(new PrintWriter(all, true));
    assertThat(all.toString()).doesNotContain(SECRET);
  }

  @Test
  void secretsAreCutOutOfTheMessagesOfOthers() {
    PipelineConfig.Kafka kafka =
        new PipelineConfig.Kafka("a:1", Map.of("sasl.jaas.config", SECRET, "acks", "all"));
    assertThat(Redaction.clean("bad JAAS: " + SECRET + " (acks all)", kafka))
        .isEqualTo("bad JAAS: *** (acks all)");
    assertThat(Redaction.clean(null, kafka)).isNull();
  }
}
