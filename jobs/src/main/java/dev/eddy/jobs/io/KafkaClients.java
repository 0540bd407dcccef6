package dev.eddy.jobs.io;

import dev.eddy.jobs.config.PipelineConfig.Kafka;
import java.util.Map;
import java.util.Properties;

/**
 * Settings of Kafka clients: those of the configuration pass through untouched, unless Eddy depends
 * on another value.
 */
public final class KafkaClients {
  private KafkaClients() {}

  /**
   * Settings of one client.
   *
   * @param kafka bootstrap servers and the properties of the configuration
   * @param required what Eddy depends on; goes before the configuration
   */
  public static Properties properties(Kafka kafka, Map<String, String> required) {
    Properties properties = new Properties();
    properties.putAll(kafka.properties());
    properties.putAll(required);
    properties.setProperty("bootstrap.servers", kafka.bootstrap());
    return properties;
  }
}
