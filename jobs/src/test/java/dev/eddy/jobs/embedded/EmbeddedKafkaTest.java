package dev.eddy.jobs.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** The broker starts, stops, starts again in the same JVM, and leaves nothing behind. */
class EmbeddedKafkaTest {

  @Test
  void startsTwiceAndLeavesNoFiles() throws Exception {
    for (int i = 0; i < 2; i++) {
      Path directory;
      try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
        directory = kafka.directory();
        assertThat(directory).exists();
        kafka.createTopic("t", 3, Map.of("cleanup.policy", "compact"));
        try (Admin admin =
                Admin.create(
                    Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap()));
            KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                    Map.of("bootstrap.servers", kafka.bootstrap()),
                    new StringSerializer(),
                    new StringSerializer())) {
          assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("t"));
          assertThat(producer.send(new ProducerRecord<>("t", 2, "k", "v")).get().offset()).isZero();
        }
      }
      assertThat(directory).doesNotExist();
    }
  }

  @Test
  void namesABusyPort() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedKafka.start(other.getLocalPort()))
          .isInstanceOf(PortInUseException.class)
          .hasMessageContaining("Kafka broker: port " + other.getLocalPort());
    }
  }

  @Test
  void refusesATopicThatExists() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopic("t", 1, Map.of());
      assertThatThrownBy(() -> kafka.createTopic("t", 1, Map.of()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("already exists");
    }
  }
}
