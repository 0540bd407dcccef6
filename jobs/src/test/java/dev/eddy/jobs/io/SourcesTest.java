package dev.eddy.jobs.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.PipelineConfig.Kafka;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.junit.jupiter.api.Test;

/** Where sources start, and whose client settings win. */
class SourcesTest {

  @SuppressWarnings("deprecation")
  @Test
  void knowsWhereToStart() {
    assertThat(Sources.start("earliest").getAutoOffsetResetStrategy())
        .isEqualTo(OffsetResetStrategy.EARLIEST);
    assertThat(Sources.start("latest").getAutoOffsetResetStrategy())
        .isEqualTo(OffsetResetStrategy.LATEST);
    assertThat(Sources.start("committed")).hasSameClassAs(OffsetsInitializer.committedOffsets());
    assertThat(Sources.start("2026-01-31T00:00:00Z"))
        .hasSameClassAs(OffsetsInitializer.timestamp(0));
    assertThatThrownBy(() -> Sources.start("yesterday"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("source.start")
        .hasMessageContaining("'yesterday'");
  }

  @Test
  void passesClientSettingsThroughExceptThoseThatEddyDependsOn() {
    Kafka kafka =
        new Kafka(
            "broker:9092",
            Map.of("security.protocol", "SSL", "isolation.level", "read_uncommitted"));
    Properties properties =
        KafkaClients.properties(kafka, Map.of("isolation.level", "read_committed"));
    assertThat(properties)
        .containsEntry("security.protocol", "SSL")
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("bootstrap.servers", "broker:9092");
  }
}
