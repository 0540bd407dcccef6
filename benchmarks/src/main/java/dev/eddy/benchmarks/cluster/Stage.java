package dev.eddy.benchmarks.cluster;

import dev.eddy.jobs.embedded.EmbeddedFlink;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.jobs.train.ProgressListener;
import dev.eddy.jobs.train.TrainJob;
import dev.eddy.jobs.train.TrainOptions;
import dev.eddy.jobs.train.TrainResult;
import dev.eddy.model.data.RawSeries;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker with the history in it and a cluster whose TaskManagers talk over TCP. */
final class Stage implements AutoCloseable {
  /**
   * Bytes that may wait on a connection between two of Flink's processes. Above 64 KB, as it comes,
   * Pekko sends the next message only after a pause, which was seen to take 8 ms. Read by Pekko
   * when the first cluster of a process starts.
   */
  static final String BUFFER = "pekko.remote.classic.netty.tcp.write-buffer-high-water-mark";

  private static final String BUFFER_BYTES = "16777216";

  /** Frames may be as large as the largest message needs. */
  private static final Map<String, String> SETTINGS = Map.of("pekko.framesize", "67108864b");

  private static final int PARTITIONS = 4;

  private final EmbeddedKafka kafka;
  private final EmbeddedFlink flink;

  private Stage(EmbeddedKafka kafka, EmbeddedFlink flink) {
    this.kafka = kafka;
    this.flink = flink;
  }

  /** A cluster without a broker. */
  static EmbeddedFlink cluster(int managers, int slots) {
    for (String cache : List.of("smallCacheSize", "normalCacheSize")) {
      System.setProperty("org.apache.flink.shaded.netty4.io.netty.allocator." + cache, "0");
    }
    return EmbeddedFlink.startOverTcp(new EmbeddedFlink.Options(managers, slots, 0, SETTINGS));
  }

  /** From here on, connections of this process take messages without pauses. */
  static void buffer() {
    System.setProperty(BUFFER, BUFFER_BYTES);
  }

  /** Starts both, two TaskManagers with half of the slots each, and writes the history. */
  static Stage start(int slots, Meters meters) {
    buffer();
    EmbeddedKafka kafka = EmbeddedKafka.start();
    EmbeddedFlink flink = null;
    try {
      kafka.createTopic(Setting.TOPIC, PARTITIONS, Map.of("retention.ms", "-1"));
      publish(kafka, meters);
      flink = cluster(2, (slots + 1) / 2);
      return new Stage(kafka, flink);
    } finally {
      if (flink == null) {
        kafka.close();
      }
    }
  }

  private static void publish(EmbeddedKafka kafka, Meters meters) {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", kafka.bootstrap());
    properties.setProperty("linger.ms", "20");
    properties.setProperty("batch.size", "262144");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      int number = 0;
      for (RawSeries one : meters.series()) {
        byte[] key = one.entity().getBytes(StandardCharsets.UTF_8);
        for (int t = 0; t < one.length(); t++) {
          String json =
              "{\"meter\":\"%s\",\"ts\":%d,\"kwh\":%s}"
                  .formatted(one.entity(), one.time(t), one.value(t));
          producer.send(
              new ProducerRecord<>(
                  Setting.TOPIC, number % PARTITIONS, key, json.getBytes(StandardCharsets.UTF_8)));
        }
        number++;
      }
      producer.flush();
    }
  }

  /** Trains by the whole job. */
  TrainResult train(Setting setting, int slots, ProgressListener listener) throws Exception {
    return TrainJob.run(
        setting.config(kafka.bootstrap(), slots), TrainOptions.NONE, flink.environment(), listener);
  }

  @Override
  public void close() {
    try {
      flink.close();
    } finally {
      kafka.close();
    }
  }
}
