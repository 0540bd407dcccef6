package dev.eddy.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shaded jar on a cluster of processes: broker, JobManager and two TaskManagers are JVMs of
 * their own. Trains, serves, and loses a TaskManager to {@code kill -9} in mid-stream.
 */
class ClusterOfProcessesIT {
  private static final int ENTITIES = 16;
  private static final int HISTORY = 24 * 12; // readings of each entity
  private static final int LIVE = 24 * 8;
  private static final long HOUR = 3_600_000;
  private static final long START = 1_750_000_000_000L / HOUR * HOUR;

  @TempDir private Path directory;

  @Test
  void aKilledTaskManagerLosesAndRepeatsNothing() throws Exception {
    try (ProcessCluster cluster = new ProcessCluster(directory)) {
      try {
        cluster.startKafka();
        cluster.startJobManager();
        String victim = cluster.startTaskManager();
        cluster.startTaskManager();
        cluster.awaitSlots(4);
        trainServeAndKill(cluster, victim);
      } catch (Throwable failure) {
        System.err.println(cluster.logs());
        throw failure;
      }
    }
  }

  private void trainServeAndKill(ProcessCluster cluster, String victim) throws Exception {
    createTopic(cluster, "cluster.events", 4);
    Path pipeline = pipeline(cluster);
    AtomicInteger sent = new AtomicInteger();
    try (KafkaProducer<byte[], byte[]> producer = producer(cluster)) {
      for (int i = 0; i < ENTITIES * HISTORY; i++) {
        send(producer, sent.getAndIncrement());
      }
      producer.flush();

      String trained =
          cluster.flink("run", ProcessCluster.shadedJar().toString(), "train", pipeline.toString());
      assertThat(trained).contains("published");
      assertThat(cluster.submit("serve", pipeline.toString())).hasSize(1);

      Accounts accounts = new Accounts(cluster);
      ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
      try {
        ScheduledFuture<?> feed =
            clock.scheduleAtFixedRate(
                () -> {
                  for (int i = 0; i < 4 && sent.get() < ENTITIES * (HISTORY + LIVE); i++) {
                    send(producer, sent.getAndIncrement());
                  }
                },
                0,
                40,
                TimeUnit.MILLISECONDS);
        await("a stream that flows")
            .atMost(Duration.ofSeconds(90))
            .failFast("every process lives", cluster::assertAlive)
            .until(() -> accounts.poll() > ENTITIES * HISTORY + ENTITIES * LIVE / 10);
        assertThat(sent.get())
            .as("the kill is in mid-stream")
            .isLessThan(ENTITIES * (HISTORY + LIVE));
        cluster.kill(victim);
        await("every record accounted for")
            .atMost(Duration.ofSeconds(120))
            .failFast("every process lives", cluster::assertAlive)
            .until(() -> accounts.poll() >= ENTITIES * (HISTORY + LIVE));
        feed.cancel(false);
      } finally {
        System.err.println("sent " + sent + ", accounted for " + accounts.seen.size());
        clock.shutdownNow();
        assertThat(clock.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      }

      assertThat(accounts.poll()).isEqualTo(ENTITIES * (HISTORY + LIVE));
      assertThat(accounts.seen.values()).as("each record in one output, once").containsOnly(1);
      assertThat(accounts.seen).hasSize(ENTITIES * (HISTORY + LIVE));
      assertThat(accounts.modelForecasts).isPositive();
      assertThat(cluster.get("/jobs/overview")).contains("\"RUNNING\"");
    }
  }

  private Path pipeline(ProcessCluster cluster) throws Exception {
    Path file = directory.resolve("pipeline.yaml");
    Files.writeString(
        file,
        """
        name: cluster
        task: forecast
        kafka: {bootstrap: "%s"}
        source:
          topic: cluster.events
          format: json
          entity: meter
          time: {field: ts, format: epoch-millis}
          start: earliest
        target: kwh
        forecast: {horizon: 6, step: 1h, seasons: [24], skip: linear, lookback: 48, warmup: 48}
        network: [{lstm: {units: 8}}]
        training: {shards: 2, parallelism: 2, rounds: 4, local-steps: 20, warmup: 48, seed: 1}
        serving: {checkpoint: 1s, ring: 72, parallelism: 2}
        """
            .formatted(cluster.bootstrap()));
    return file;
  }

  /** Reading i of the whole run: entities take turns, so that time rises. */
  private static void send(KafkaProducer<byte[], byte[]> producer, int i) {
    int entity = i % ENTITIES;
    int hour = i / ENTITIES;
    double level = 10 * (entity + 1);
    double value =
        level * (1 + 0.5 * StrictMath.sin(2 * StrictMath.PI * hour / 24))
            + (i * 7919 % 13) * 0.01 * level;
    String json =
        "{\"meter\":\"m%d\",\"ts\":%d,\"kwh\":%s}".formatted(entity, START + hour * HOUR, value);
    producer.send(
        new ProducerRecord<>(
            "cluster.events",
            null,
            START + hour * HOUR,
            ("m" + entity).getBytes(StandardCharsets.UTF_8),
            json.getBytes(StandardCharsets.UTF_8)));
  }

  private static void createTopic(ProcessCluster cluster, String name, int partitions) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      await("the broker")
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(
              () -> {
                admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
                return true;
              });
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(ProcessCluster cluster) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", cluster.bootstrap(), "acks", "all", "linger.ms", "5"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** How often each input position occurs in the committed outputs. */
  private static final class Accounts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final KafkaConsumer<byte[], byte[]> consumer;
    final Map<String, Integer> seen = new TreeMap<>();
    int modelForecasts;

    Accounts(ProcessCluster cluster) {
      Properties properties = new Properties();
      properties.put("bootstrap.servers", cluster.bootstrap());
      properties.put("group.id", "accounts");
      properties.put("isolation.level", "read_committed");
      properties.put("auto.offset.reset", "earliest");
      properties.put("metadata.max.age.ms", "1000");
      consumer =
          new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      consumer.subscribe(List.of("cluster.predictions", "cluster.late", "cluster.dead-letters"));
    }

    /** Reads what has been committed since the last call; the number of records seen in all. */
    int poll() throws Exception {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.topic().equals("cluster.predictions")) {
          JsonNode prediction = JSON.readTree(record.value());
          JsonNode input = prediction.get("input");
          count(input.get("partition").asInt() + "/" + input.get("offset").asLong());
          modelForecasts += prediction.get("source").asText().equals("model") ? 1 : 0;
        } else {
          count(header(record, "partition") + "/" + header(record, "offset"));
        }
      }
      return seen.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void count(String position) {
      seen.merge(position, 1, Integer::sum);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
      return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
  }
}
