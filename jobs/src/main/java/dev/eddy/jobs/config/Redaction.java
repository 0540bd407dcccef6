package dev.eddy.jobs.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How configuration is shown. A Kafka client property is shown only if its key is on a short list
 * of harmless ones and its value stood in the file itself; everything else is {@code ***}. A list
 * of harmless keys, not of secret ones: tomorrow's secret has a name nobody knows today.
 */
public final class Redaction {
  /** What stands in place of a value that is not shown. */
  public static final String HIDDEN = "***";

  private static final Set<String> HARMLESS =
      Set.of(
          "acks",
          "auto.offset.reset",
          "batch.size",
          "buffer.memory",
          "client.dns.lookup",
          "client.rack",
          "compression.type",
          "connections.max.idle.ms",
          "default.api.timeout.ms",
          "delivery.timeout.ms",
          "fetch.max.bytes",
          "fetch.max.wait.ms",
          "fetch.min.bytes",
          "heartbeat.interval.ms",
          "linger.ms",
          "max.block.ms",
          "max.partition.fetch.bytes",
          "max.poll.interval.ms",
          "max.poll.records",
          "max.request.size",
          "metadata.max.age.ms",
          "partition.discovery.interval.ms",
          "receive.buffer.bytes",
          "reconnect.backoff.ms",
          "request.timeout.ms",
          "retries",
          "retry.backoff.ms",
          "sasl.mechanism",
          "security.protocol",
          "send.buffer.bytes",
          "session.timeout.ms",
          "ssl.enabled.protocols",
          "ssl.endpoint.identification.algorithm",
          "ssl.keystore.type",
          "ssl.protocol",
          "ssl.truststore.type");

  private Redaction() {}

  /**
   * Client properties as they may be shown, sorted by key.
   *
   * @param properties the real ones. Not modified
   * @param referenced keys whose values came by a reference: always hidden
   */
  public static Map<String, String> properties(
      Map<String, String> properties, Set<String> referenced) {
    Map<String, String> shown = new TreeMap<>();
    properties.forEach(
        (key, value) ->
            shown.put(key, HARMLESS.contains(key) && !referenced.contains(key) ? value : HIDDEN));
    return shown;
  }

  /**
   * A text, for example another library's error message, without the secrets of this configuration
   * in it.
   *
   * @param text what is about to be shown; null gives null
   * @param kafka whose hidden property values must not appear
   */
  public static String clean(String text, PipelineConfig.Kafka kafka) {
    String clean = text;
    Map<String, String> shown = properties(kafka.properties(), kafka.referenced());
    for (Map.Entry<String, String> property : kafka.properties().entrySet()) {
      String value = property.getValue();
      // Very short values ("1", "true") are no secrets, and replacing them would garble the text.
      if (clean != null && value.length() > 5 && shown.get(property.getKey()).equals(HIDDEN)) {
        clean = clean.replace(value, HIDDEN);
      }
    }
    return clean;
  }
}
