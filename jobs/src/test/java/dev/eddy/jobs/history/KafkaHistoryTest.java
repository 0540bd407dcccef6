package dev.eddy.jobs.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.model.data.RawSeries;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class KafkaHistoryTest {
  private static final long HOUR = 3_600_000L;
  private static final long START = 1_700_000_000_000L;

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

  @Test
  void aRangeOfTimesOrOffsetsSavesReading() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopic("in", 2, Map.of("retention.ms", "-1"));
      Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrap());
      try (KafkaProducer<String, byte[]> producer =
          new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
        for (int hour = 0; hour < 10; hour++) {
          // Written half an hour before its time: within source.time.max-ahead.
          long time = START + hour * HOUR;
          String json = "{\"entity\":\"m\",\"time\":%d,\"value\":1}".formatted(time);
          var unused =
              producer.send(
                  new ProducerRecord<>(
                      "in", 0, time - HOUR / 2, "m", json.getBytes(StandardCharsets.UTF_8)));
        }
      }
      String from = Instant.ofEpochMilli(START + 6 * HOUR).toString();
      assertThat(range(kafka, "training.start=" + from).partitions())
          .as("one record more than needed: it might have been up to an hour ahead")
          .containsExactly(new HistoryRange.Part(0, 6, 10), new HistoryRange.Part(1, 0, 0));
      try (LoadedHistory loaded = load(kafka, "training.start=" + from)) {
        assertThat(loaded.series().get(0).length()).isEqualTo(4);
        assertThat(loaded.outside()).isZero();
      }
      assertThat(range(kafka, "training.start=" + from, "source.time.max-ahead=0").size())
          .as("without that bound any record may hold such an event")
          .isEqualTo(10);
      assertThatThrownBy(() -> range(kafka, "training.start=2100-01-01T00:00:00Z"))
          .isInstanceOf(UnusableHistoryException.class)
          .hasMessageContaining("no record since training.start (2100-01-01T00:00:00Z)");

      assertThat(range(kafka, "training.offsets={0: 2-5}").partitions())
          .containsExactly(new HistoryRange.Part(0, 2, 5));
      assertThat(range(kafka, "training.offsets={0: 2-}").size()).isEqualTo(8);
      assertThatThrownBy(() -> range(kafka, "training.offsets={0: 2-11}"))
          .isInstanceOf(UnusableHistoryException.class)
          .hasMessageContaining(
              "training.offsets.0: partition 0 of topic 'in' has offsets 0 to 10");
      assertThatThrownBy(() -> range(kafka, "training.offsets={7: 0-}"))
          .isInstanceOf(UnusableHistoryException.class)
          .hasMessageContaining("training.offsets.7: topic 'in' has partitions 0 to 1 only");
    }
  }

  private static PipelineConfig config(EmbeddedKafka kafka, String... more) {
    return ConfigLoader.parse("name: load\nnetwork: []\nsource: {topic: in}\n", more)
        .withKafka(new PipelineConfig.Kafka(kafka.bootstrap(), Map.of()));
  }

  private static HistoryRange.Topic range(EmbeddedKafka kafka, String... more) {
    return KafkaHistory.resolve(config(kafka, more));
  }

  private static LoadedHistory load(EmbeddedKafka kafka, String... more) {
    return History.load(config(kafka, more), range(kafka, more));
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
