package dev.eddy.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.registry.ModelRegistry;
import dev.eddy.jobs.registry.ModelStore;
import dev.eddy.jobs.train.ProgressListener;
import dev.eddy.jobs.train.RunArchive;
import dev.eddy.jobs.train.TrainJob;
import dev.eddy.jobs.train.TrainOptions;
import dev.eddy.jobs.train.TrainProgress;
import dev.eddy.jobs.train.TrainResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shaded jar on a cluster of processes: broker, JobManager and two TaskManagers of two slots
 * are JVMs of their own. First training alone: the same bits on any number of slots, through {@code
 * kill -9} and through a savepoint. Then all together: trains, serves, loses a TaskManager in
 * mid-stream, trains again, and the stream goes over to the new model.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterOfProcessesIT {
  private static final int ENTITIES = 16;
  private static final int HISTORY = 24 * 12; // readings of each entity
  private static final int MOST = 24 * 200; // of each entity that are ever sent
  private static final long HOUR = 3_600_000;
  private static final long START = 1_750_000_000_000L / HOUR * HOUR;
  private static final int ROUNDS = 6;
  private static final AtomicInteger SENT = new AtomicInteger();

  /** Long enough that something happens in the midst of it. */
  private static final String LONG_ROUNDS = "training.local-steps=60";

  @TempDir private static Path directory;
  private static ProcessCluster cluster;
  private static KafkaProducer<byte[], byte[]> producer;

  /** The weights that training published undisturbed. */
  private static float[] undisturbed;

  @BeforeAll
  static void start() throws Exception {
    cluster = new ProcessCluster(directory);
    logged(
        () -> {
          cluster.startKafka();
          cluster.startJobManager();
          cluster.startTaskManager();
          cluster.startTaskManager();
          createTopic("cluster.events", 4);
          producer = producer();
          for (int i = 0; i < ENTITIES * HISTORY; i++) {
            send(SENT.getAndIncrement());
          }
          producer.flush();
          cluster.awaitSlots(4);
        });
  }

  @AfterAll
  static void stop() throws Exception {
    if (producer != null) {
      producer.close();
    }
    cluster.close();
  }

  @Test
  @Order(1)
  void anyNumberOfSlotsPublishesTheSameBits() throws Exception {
    logged(
        () -> {
          undisturbed = train("slots-1", 1, LONG_ROUNDS);
          assertThat(train("slots-2", 2, LONG_ROUNDS)).containsExactly(undisturbed);
          assertThat(train("slots-4", 4, LONG_ROUNDS)).containsExactly(undisturbed);
        });
  }

  @Test
  @Order(2)
  void aTaskManagerKilledInMidRoundChangesNoBit() throws Exception {
    logged(
        () -> {
          PipelineConfig config = config("killed", "training.parallelism=2", LONG_ROUNDS);
          try (Running run = new Running(config)) {
            run.awaitRound(1);
            String job = run.job();
            String victim = cluster.taskManagers(job).get(1);
            cluster.kill(victim);
            assertThat(run.rounds()).as("the kill is in mid-run").isLessThan(ROUNDS);
            cluster.startTaskManager();
            assertThat(run.result().published()).isTrue();
            assertThat(cluster.restarted(job)).isTrue();
          }
          assertThat(weights(config)).containsExactly(undisturbed);
          cluster.awaitSlots(4);
        });
  }

  @Test
  @Order(3)
  void aSavepointRestoredAtAnotherParallelismChangesNoBit() throws Exception {
    logged(
        () -> {
          PipelineConfig config = config("saved", "training.parallelism=2", LONG_ROUNDS);
          String savepoint;
          try (Running run = new Running(config)) {
            run.awaitRound(2);
            savepoint = cluster.cancelWithSavepoint(run.job());
            assertThat(run.rounds()).as("the savepoint is of mid-run").isLessThan(ROUNDS);
            assertThatThrownBy(run::result).hasStackTraceContaining("cancel");
          }
          String restored =
              cluster.flink(
                  "run",
                  "-s",
                  savepoint,
                  ProcessCluster.shadedJar().toString(),
                  "train",
                  pipeline("saved").toString(),
                  "-D",
                  "training.parallelism=4",
                  "-D",
                  LONG_ROUNDS);
          assertThat(restored).contains("published", "report: ");
          assertThat(weights(config)).containsExactly(undisturbed);
          assertThat(roundsAtFirst(config)).as("it did not begin anew").isPositive();
        });
  }

  @Test
  @Order(4)
  void aKilledTaskManagerAndASwapLoseAndRepeatNothing() throws Exception {
    logged(this::trainServeKillAndSwap);
  }

  private void trainServeKillAndSwap() throws Exception {
    Path pipeline = pipeline("cluster");
    String jar = ProcessCluster.shadedJar().toString();
    assertThat(cluster.flink("run", jar, "train", pipeline.toString())).contains("published");
    assertThat(cluster.submit("serve", pipeline.toString())).hasSize(1);
    String serving =
        await("the stream")
            .until(() -> cluster.running("eddy serve cluster"), Optional::isPresent)
            .orElseThrow();

    AtomicBoolean enough = new AtomicBoolean();
    Accounts accounts = new Accounts(cluster);
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try {
      ScheduledFuture<?> feed =
          clock.scheduleAtFixedRate(
              () -> {
                for (int i = 0; i < 4 && !enough.get() && SENT.get() < ENTITIES * MOST; i++) {
                  send(SENT.getAndIncrement());
                }
              },
              0,
              40,
              TimeUnit.MILLISECONDS);
      awaitAccounts("a stream that flows", () -> accounts.poll() > ENTITIES * (HISTORY + 20));
      cluster.kill(cluster.taskManagers(serving).get(0));
      int before = SENT.get();
      cluster.startTaskManager();
      awaitAccounts("a stream that flows again", () -> accounts.poll() > before);

      TrainResult second =
          TrainJob.run(
              config("cluster"), new TrainOptions(true, true), cluster.environment(), p -> {});
      assertThat(second.published()).isTrue();
      awaitAccounts("forecasts of the new model", () -> accounts.poll() > 0 && accounts.swapped());
      enough.set(true);
      clock.submit(() -> feed.cancel(false)).get();
      producer.flush();
      awaitAccounts("every record accounted for", () -> accounts.poll() >= SENT.get());
    } finally {
      System.err.println("sent " + SENT + ", accounted for " + accounts.seen.size());
      clock.shutdownNow();
      assertThat(clock.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(accounts.poll()).isEqualTo(SENT.get());
    assertThat(accounts.seen.values()).as("each record in one output, once").containsOnly(1);
    assertThat(accounts.seen).hasSize(SENT.get());
    assertThat(accounts.models).as("model version and swap epoch").containsExactly("1/1", "2/2");
    assertThat(cluster.running("eddy serve cluster")).contains(serving);
  }

  private static void awaitAccounts(String what, Callable<Boolean> condition) {
    await(what)
        .atMost(Duration.ofSeconds(120))
        .failFast("every process lives", cluster::assertAlive)
        .until(condition);
  }

  private interface Part {
    void run() throws Exception;
  }

  /** What the processes said is what one wants to read when a part has failed. */
  private static void logged(Part part) throws Exception {
    try {
      part.run();
    } catch (Throwable failure) {
      System.err.println(cluster.logs());
      throw failure;
    }
  }

  /** Trains on so many slots and gives the weights that are live then. */
  private static float[] train(String name, int slots, String override) throws Exception {
    PipelineConfig config = config(name, "training.parallelism=" + slots, override);
    TrainResult result =
        TrainJob.run(config, TrainOptions.NONE, cluster.environment(), ProgressListener.NONE);
    assertThat(result.reason()).startsWith("published");
    return weights(config);
  }

  private static float[] weights(PipelineConfig config) throws Exception {
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      ModelRef ref = registry.live(config.name()).model().orElseThrow();
      return new ModelStore(config).load(ref).weights();
    }
  }

  /** How many rounds the newest run of a pipeline found done when it began. */
  private static int roundsAtFirst(PipelineConfig config) {
    List<Integer> rounds = new ArrayList<>();
    new RunArchive(config).tell(null, progress -> rounds.add(progress.round()));
    return rounds.get(0);
  }

  /** A training job, submitted and waited for by a thread of its own. */
  private static final class Running implements AutoCloseable, ProgressListener {
    private final String name;
    private final AtomicInteger rounds = new AtomicInteger();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<TrainResult> end;

    Running(PipelineConfig config) {
      name = "eddy train " + config.name();
      end =
          thread.submit(() -> TrainJob.run(config, TrainOptions.NONE, cluster.environment(), this));
    }

    @Override
    public void progress(TrainProgress progress) {
      rounds.set(progress.round());
    }

    int rounds() {
      return rounds.get();
    }

    void awaitRound(int round) {
      await("round " + round)
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofMillis(20))
          .failFast("the run goes on", () -> assertThat(end).isNotDone())
          .until(() -> rounds.get() >= round);
    }

    String job() throws Exception {
      return cluster.running(name).orElseThrow();
    }

    TrainResult result() throws Exception {
      return end.get(120, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      thread.shutdownNow();
    }
  }

  private static String yaml(String name) {
    return """
    name: %s
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
    training: {shards: 4, parallelism: 2, rounds: %d, patience: %d, local-steps: 20, warmup: 48, seed: 1, max-retries: 20}
    serving: {checkpoint: 1s, ring: 72, parallelism: 2}
    """
        .formatted(name, cluster.bootstrap(), ROUNDS, ROUNDS);
  }

  private static PipelineConfig config(String name, String... overrides) {
    return ConfigLoader.parse(yaml(name), overrides);
  }

  private static Path pipeline(String name) throws IOException {
    return Files.writeString(directory.resolve(name + ".yaml"), yaml(name));
  }

  /** Reading i of the whole run: entities take turns, so that time rises. */
  private static void send(int i) {
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

  private static void createTopic(String name, int partitions) {
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

  private static KafkaProducer<byte[], byte[]> producer() {
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
    final Set<String> models = new TreeSet<>();

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
          if (prediction.get("source").asText().equals("model")) {
            models.add(prediction.get("modelVersion") + "/" + prediction.get("swapEpoch"));
          }
        } else {
          count(header(record, "partition") + "/" + header(record, "offset"));
        }
      }
      return seen.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Whether a second model has made forecasts. */
    boolean swapped() {
      return models.size() > 1;
    }

    private void count(String position) {
      seen.merge(position, 1, Integer::sum);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
      return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
  }
}
