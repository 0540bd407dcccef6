package dev.eddy.jobs.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.model.data.RawSeries;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class KafkaHistoryTest {
  /** Such a topic ends with offsets that are no records: who waits for them waits for ever. */
  @Test
  void transactionsLeaveOffsetsThatAreNoRecords() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      PipelineConfig config =
          ConfigLoader.parse("name: load\nnetwork: []\nsource: {topic: in}\n")
              .withKafka(new PipelineConfig.Kafka(kafka.bootstrap(), Map.of()));
      kafka.createTopic("in", 3, Map.of("retention.ms", "-1")); // the last one stays empty
      Map<String, Object> settings =
          Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "history");
      try (KafkaProducer<String, byte[]> producer =
          new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
        producer.initTransactions();
        write(producer, 0, 1, 2, 3);
        producer.commitTransaction();
        write(producer, 0, 4, 5);
        producer.abortTransaction();
        write(producer, 1, 6); // nothing but what was taken back
        producer.abortTransaction();
      }
      HistoryRange.Topic range = KafkaHistory.resolve(config);
      assertThat(range.size()).as("with markers").isEqualTo(5 + 2 + 2);

      LoadedHistory loaded = History.load(config, range);

      assertThat(loaded.records()).isEqualTo(3);
      assertThat(loaded.bad()).isZero();
      assertThat(loaded.series()).extracting(RawSeries::entity).containsExactly("m0");
      assertThat(loaded.series().get(0).length()).isEqualTo(3);
    }
  }

  private static void write(KafkaProducer<String, byte[]> producer, int partition, int... hours) {
    producer.beginTransaction();
    for (int hour : hours) {
      long time = 1_700_000_000_000L + hour * 3_600_000L;
      String json =
          "{\"entity\":\"m%d\",\"time\":%d,\"value\":%d}".formatted(partition, time, hour);
      var unused =
          producer.send(
              new ProducerRecord<>(
                  "in", partition, time, "m" + partition, json.getBytes(StandardCharsets.UTF_8)));
    }
    producer.flush(); // an abort would drop what was not yet sent
  }
}
