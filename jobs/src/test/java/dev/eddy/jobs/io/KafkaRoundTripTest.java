package dev.eddy.jobs.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedFlink;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/**
 * Records through a real broker and a real cluster, with a failure in the middle: with exactly-once
 * delivery each input ends in one committed output. Fails with NoSuchMethodError if newer Kafka
 * clients than those of the connector get onto the classpath.
 */
class KafkaRoundTripTest {
  private static final int EVENTS = 2_000;
  private static final OutputTag<Parsed.BadRecord> BAD =
      new OutputTag<>("bad", StreamTypes.BAD_RECORD);

  /**
   * Whether the failure has happened; by run, because the functions are copied by serialisation.
   */
  private static final Map<String, AtomicBoolean> FAILED = new ConcurrentHashMap<>();

  /** Splits events from bad records and fails once, after a checkpoint has been completed. */
  private static final class Split extends ProcessFunction<Parsed, LateEvent>
      implements org.apache.flink.api.common.state.CheckpointListener {
    private static final long serialVersionUID = 1L;

    private final String run;
    private transient boolean checkpointed;

    Split(String run) {
      this.run = run;
    }

    @Override
    public void processElement(Parsed parsed, Context context, Collector<LateEvent> out) {
      if (parsed instanceof Parsed.Event event) {
        if (checkpointed && FAILED.get(run).compareAndSet(false, true)) {
          throw new IllegalStateException("on purpose");
        }
        out.collect(new LateEvent(event, 0));
      } else if (parsed instanceof Parsed.BadRecord bad) {
        context.output(BAD, bad);
      }
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      checkpointed = true;
    }
  }

  @Test
  void losesAndRepeatsNothing() throws Exception {
    FAILED.put("exactly-once", new AtomicBoolean());
    try (EmbeddedKafka kafka = EmbeddedKafka.start();
        EmbeddedFlink flink = EmbeddedFlink.start(new EmbeddedFlink.Options(1, 2, 0, restarts()))) {
      PipelineConfig config =
          ConfigLoader.parse(
              "name: trip\nnetwork: []\n",
              "kafka.bootstrap=" + kafka.bootstrap(),
              "kafka.properties.linger.ms=1");
      Map<String, String> large = Map.of("max.message.bytes", Integer.toString(8 << 20));
      kafka.createTopic(config.topic("events"), 2, large);
      kafka.createTopic(config.topic("late"), 2, Map.of());
      kafka.createTopic(config.topic("dead-letters"), 1, Map.of());
      StreamExecutionEnvironment environment = flink.environment();
      environment.enableCheckpointing(100);
      SingleOutputStreamOperator<LateEvent> events =
          environment
              .fromSource(Sources.events(config), WatermarkStrategy.noWatermarks(), "events")
              .process(new Split("exactly-once"));
      events.sinkTo(Sinks.late(config)).uid("late");
      events.getSideOutput(BAD).sinkTo(Sinks.deadLetters(config)).uid("dead-letters");
      var job = flink.submit(environment.getStreamGraph());

      feed(kafka.bootstrap(), config.topic("events"));
      List<ConsumerRecord<byte[], byte[]>> late =
          read(kafka.bootstrap(), config.topic("late"), 2, EVENTS);
      List<ConsumerRecord<byte[], byte[]>> bad =
          read(kafka.bootstrap(), config.topic("dead-letters"), 1, 2);
      job.cancel().get();

      assertThat(FAILED.get("exactly-once")).isTrue();
      assertThat(late.stream().map(r -> header(r, "partition") + "/" + header(r, "offset")))
          .hasSize(EVENTS)
          .doesNotHaveDuplicates();
      assertThat(new String(late.get(0).key(), UTF_8)).startsWith("m");
      checkDeadLetters(bad);
    }
  }

  @Test
  void aFreshStartUnderTheSameNameEndsWhatAnotherLeftOpen() throws Exception {
    FAILED.put("fresh", new AtomicBoolean(true)); // no failure
    try (EmbeddedKafka kafka = EmbeddedKafka.start();
        EmbeddedFlink flink = EmbeddedFlink.start(new EmbeddedFlink.Options(1, 2, 0, restarts()))) {
      PipelineConfig config =
          ConfigLoader.parse("name: fresh\nnetwork: []\n", "kafka.bootstrap=" + kafka.bootstrap());
      kafka.createTopic(config.topic("events"), 1, Map.of());
      kafka.createTopic(config.topic("late"), 1, Map.of());
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", kafka.bootstrap()),
              new ByteArraySerializer(),
              new ByteArraySerializer())) {
        for (int i = 0; i < 10; i++) {
          byte[] value = EventFormat.write("m" + i, 1_700_000_000_000L + i, i);
          producer.send(new ProducerRecord<>(config.topic("events"), value));
        }
      }
      // Two subtasks write and are cancelled without a checkpoint: nothing of theirs is committed.
      JobID first = lateEvents(flink, config, 2, 0).getJobID();
      assertThat(read(kafka.bootstrap(), config.topic("late"), 1, 10, "read_uncommitted"))
          .hasSize(10);
      flink.cluster().cancelJob(first).get();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> flink.cluster().getJobStatus(first).get().isGloballyTerminalState());
      // One subtask starts afresh: readers see what it writes, and none of the other's.
      JobClient second = lateEvents(flink, config, 1, 100);
      assertThat(read(kafka.bootstrap(), config.topic("late"), 1, 10, "read_committed"))
          .hasSize(10)
          .allMatch(record -> record.offset() >= 10);
      second.cancel().get();
    }
  }

  private static JobClient lateEvents(
      EmbeddedFlink flink, PipelineConfig config, int parallelism, long checkpoint)
      throws Exception {
    StreamExecutionEnvironment environment = flink.environment();
    environment.setParallelism(parallelism);
    if (checkpoint > 0) {
      environment.enableCheckpointing(checkpoint);
    }
    environment
        .fromSource(Sources.events(config), WatermarkStrategy.noWatermarks(), "events")
        .process(new Split("fresh"))
        .sinkTo(Sinks.late(config))
        .uid("late");
    return flink.submit(environment.getStreamGraph());
  }

  private static Map<String, String> restarts() {
    return Map.of(
        "restart-strategy.type", "fixed-delay",
        "restart-strategy.fixed-delay.attempts", "3",
        "restart-strategy.fixed-delay.delay", "100 ms");
  }

  private static void checkDeadLetters(List<ConsumerRecord<byte[], byte[]>> bad) {
    ConsumerRecord<byte[], byte[]> small =
        bad.stream().filter(r -> header(r, "reason").equals("malformed")).findFirst().orElseThrow();
    assertThat(new String(small.value(), UTF_8)).isEqualTo("poison");
    assertThat(new String(small.key(), UTF_8)).isEqualTo("key");
    assertThat(header(small, "topic")).isEqualTo("trip.events");
    ConsumerRecord<byte[], byte[]> large =
        bad.stream().filter(r -> header(r, "reason").equals("too-large")).findFirst().orElseThrow();
    assertThat(large.value()).hasSize(EventDeserializer.KEPT_VALUE);
    assertThat(header(large, "length")).isEqualTo(Integer.toString(5 << 20));
    assertThat(header(large, "sha256")).hasSize(64);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    assertThat(header).as(name).isNotNull();
    return new String(header.value(), UTF_8);
  }

  /**
   * Writes until the job has failed once and gone on, so that the failure falls into the stream;
   * EVENTS in all.
   */
  private static void feed(String bootstrap, String topic) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "max.request.size",
                8 << 20,
                "buffer.memory",
                16L << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, "key".getBytes(UTF_8), "poison".getBytes(UTF_8)));
      producer.send(new ProducerRecord<>(topic, null, new byte[5 << 20])).get();
      for (int i = 0; i < EVENTS; i++) {
        String entity = "m" + i % 17;
        byte[] value = EventFormat.write(entity, 1_700_000_000_000L + i, i);
        producer.send(
            new ProducerRecord<>(
                topic, i % 2, 1_700_000_000_000L + i, entity.getBytes(UTF_8), value));
        if (i == EVENTS / 2) {
          producer.flush();
          // The second half comes after a checkpoint has been completed, and makes the job fail.
          read(bootstrap, topic.replace(".events", ".late"), 2, i + 1);
        }
      }
    }
  }

  /**
   * Reads committed records until there are as many, and then for another moment, to see whether
   * there are more.
   */
  private static List<ConsumerRecord<byte[], byte[]>> read(
      String bootstrap, String topic, int partitions, int count) {
    return read(bootstrap, topic, partitions, count, "read_committed");
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(
      String bootstrap, String topic, int partitions, int count, String isolation) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      all.add(new TopicPartition(topic, i));
    }
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "isolation.level", isolation),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (records.size() < count && System.nanoTime() < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      consumer.poll(Duration.ofMillis(500)).forEach(records::add);
    }
    return records;
  }
}
