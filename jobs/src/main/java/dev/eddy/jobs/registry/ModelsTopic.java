package dev.eddy.jobs.registry;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.config.PipelineConfig.Kafka;
import dev.eddy.jobs.io.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models topic as bytes: made, checked, read from the beginning or at one offset. */
final class ModelsTopic implements AutoCloseable {
  /**
   * How long Kafka may take to answer, unless the configuration's client properties say otherwise.
   */
  static final int TIMEOUT_MILLIS = 15_000;

  /** Timeout of a publisher's transaction. While it is open, readers wait for its end. */
  static final int TRANSACTION_MILLIS = 10_000;

  /** How long reading may see no record: longer than an abandoned transaction lives. */
  private static final int PATIENCE_MILLIS = 3 * TRANSACTION_MILLIS;

  /** How often, and how far apart, a broker is asked for a topic that was made a moment ago. */
  private static final int ATTEMPTS = 50;

  private static final long BACKOFF_NANOS = 100_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(ModelsTopic.class);
  private static final String NAME = PipelineConfig.MODELS_TOPIC;
  private static final TopicPartition PARTITION = new TopicPartition(NAME, 0);

  private final Kafka kafka;
  private Admin admin;
  private KafkaConsumer<byte[], byte[]> consumer;

  ModelsTopic(Kafka kafka) {
    this.kafka = kafka;
  }

  /** The whole topic, and the offset after it. */
  record Read(ModelsLog log, long endOffset) {}

  void ensure() {
    try {
      if (describe().isEmpty()) {
        NewTopic topic =
            new NewTopic(NAME, Optional.of(1), Optional.empty())
                .configs(Map.of("cleanup.policy", "compact"));
        create(topic);
      }
      String policy = cleanupPolicy();
      if (!policy.equals("compact")) {
        throw new RegistryException(
            "topic "
                + NAME
                + " has cleanup.policy="
                + policy
                + ", which would delete live models; set it to compact");
      }
    } catch (KafkaException e) {
      throw failed("make", kafka, e);
    }
  }

  /** The broker asked may not have heard yet of a topic made a moment ago: asked again then. */
  private String cleanupPolicy() {
    for (int attempt = 1; ; attempt++) {
      try {
        return get(admin().describeConfigs(List.of(resource())).all())
            .get(resource())
            .get("cleanup.policy")
            .value();
      } catch (UnknownTopicOrPartitionException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        LockSupport.parkNanos(BACKOFF_NANOS);
      }
    }
  }

  private void create(NewTopic topic) {
    try {
      get(admin().createTopics(List.of(topic)).all());
    } catch (TopicExistsException e) {
      LOG.debug("topic {} was made by somebody else in the meantime", NAME);
    }
  }

  private static ConfigResource resource() {
    return new ConfigResource(ConfigResource.Type.TOPIC, NAME);
  }

  /** Reads everything that is committed now. A missing topic is an empty one. */
  Read read() {
    try {
      if (describe().isEmpty()) {
        return new Read(new ModelsLog(), 0);
      }
      ModelsLog log = new ModelsLog();
      long end =
          scan(
              0,
              endOffset(),
              record -> {
                apply(record, log);
                return true;
              });
      return new Read(log, end);
    } catch (KafkaException e) {
      throw failed("read", kafka, e);
    }
  }

  private static void apply(ConsumerRecord<byte[], byte[]> record, ModelsLog log) {
    if (ModelRecords.isChunk(record.key())) {
      return;
    }
    try {
      ModelRecord decoded = ModelRecords.decode(record.key(), record.value(), 0, record.offset());
      Manifest manifest =
          decoded instanceof ModelRecord.Published
              ? ModelRecords.decodeManifest(record.key(), record.value())
              : null;
      log.apply(decoded, manifest);
    } catch (BadModelException e) {
      LOG.warn(
          "topic {}, offset {}: ignored a record that does not fit: {}",
          NAME,
          record.offset(),
          e.getMessage());
    }
  }

  /** What is shown a record and says whether it wants more. */
  private interface Visitor {
    boolean visit(ConsumerRecord<byte[], byte[]> record);
  }

  /**
   * Shows the committed records of a stretch, in order.
   *
   * @param end where it ends, exclusive
   * @return the offset after the last record read
   */
  private long scan(long from, long end, Visitor visitor) {
    KafkaConsumer<byte[], byte[]> c = consumer();
    c.assign(List.of(PARTITION));
    // What is older than the oldest record begins with that.
    c.seek(PARTITION, from);
    Deadline deadline = new Deadline();
    // By position and not by records: transactions leave marks that have offsets but are no
    // records.
    while (c.position(PARTITION) < end) {
      for (ConsumerRecord<byte[], byte[]> record : c.poll(Duration.ofMillis(200))) {
        deadline.restart();
        if (!visitor.visit(record)) {
          return record.offset() + 1;
        }
      }
      deadline.check();
    }
    return c.position(PARTITION);
  }

  /** A version's manifest as it stands in the topic, and its value. */
  record Found(Manifest manifest, long offset, byte[] value) {}

  /**
   * The manifest that a reference points to: at its offset, or where the same bytes stand now. A
   * trainer that fails between two checkpoints publishes the same version again, and compaction
   * keeps the newer record only, while jobs remember the older one.
   */
  Found find(ModelRef ref) throws BadModelException {
    try {
      Optional<byte[]> there = valueAt(ref);
      if (there.isPresent()) {
        return found(ref, ref.offset(), there.get());
      }
      ModelsLog.Version now = read().log().of(ref.name()).get(ref.version());
      if (now == null) {
        throw gone(ref, "was retired");
      }
      if (!now.ref().sha256().equals(ref.sha256())) {
        throw gone(ref, "was retired, and its number given to another model");
      }
      byte[] value = valueAt(now.ref()).orElseThrow(() -> gone(ref, "was replaced just now"));
      return found(ref, now.ref().offset(), value);
    } catch (KafkaException e) {
      throw failed("read", kafka, e);
    }
  }

  private static Found found(ModelRef ref, long offset, byte[] value) throws BadModelException {
    byte[] key = ModelRecords.manifestKey(ref.name(), ref.version());
    return new Found(ModelRecords.decodeManifest(key, value), offset, value);
  }

  /** The value at a reference's offset; empty if another record, or none, is there. */
  private Optional<byte[]> valueAt(ModelRef ref) {
    List<byte[]> values = new ArrayList<>();
    scan(
        ref.offset(),
        endOffset(),
        record -> {
          if (record.offset() == ref.offset()
              && record.value() != null
              && Arrays.equals(record.key(), ModelRecords.manifestKey(ref.name(), ref.version()))) {
            values.add(record.value());
          }
          return false;
        });
    return values.stream().findFirst();
  }

  /**
   * The model file that lies in chunks. They stand before the manifest, or, published again, at the
   * places that compaction left them: looked for close to the manifest first, then everywhere.
   *
   * @throws BadModelException naming the first chunk that is missing or damaged
   */
  byte[] chunks(Found found, Location.Chunks chunks) throws BadModelException {
    ChunkedFile file = new ChunkedFile(found.manifest(), chunks);
    try {
      // A publisher's chunk may be a transaction of its own: with the mark of its end two offsets.
      long near = Math.max(0, found.offset() - 2L * chunks.sha256().size());
      scan(near, found.offset(), file::take);
      if (!file.complete()) {
        scan(0, endOffset(), file::take);
      }
    } catch (KafkaException e) {
      throw failed("read", kafka, e);
    }
    return file.bytes();
  }

  private static BadModelException gone(ModelRef ref, String why) {
    return new BadModelException(
        "version %d of %s is no longer in topic %s, where it stood at offset %d: it %s"
            .formatted(ref.version(), ref.name(), NAME, ref.offset(), why));
  }

  /**
   * Where the topic ends, with what is written but not yet committed. A transaction whose commit
   * was acknowledged may need another moment until readers see it: who reads up to here sees all
   * that was published before.
   */
  private long endOffset() {
    return get(admin()
            .listOffsets(
                Map.of(PARTITION, OffsetSpec.latest()),
                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
            .partitionResult(PARTITION))
        .offset();
  }

  private Optional<TopicDescription> describe() {
    try {
      TopicDescription topic = get(admin().describeTopics(List.of(NAME)).allTopicNames()).get(NAME);
      if (topic.partitions().size() != 1) {
        throw new RegistryException(
            "topic "
                + NAME
                + " has "
                + topic.partitions().size()
                + " partitions, expected 1: the order of its records matters;"
                + " delete it and let Eddy make it");
      }
      return Optional.of(topic);
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    }
  }

  private static <R> R get(KafkaFuture<R> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException cause) {
        throw cause;
      }
      throw new KafkaException(e.getCause().getMessage(), e.getCause());
    }
  }

  private Admin admin() {
    if (admin == null) {
      admin = Admin.create(client(Map.of()));
    }
    return admin;
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    if (consumer == null) {
      Map<String, String> required =
          Map.of(
              "isolation.level", "read_committed",
              "enable.auto.commit", "false",
              "allow.auto.create.topics", "false",
              "fetch.max.wait.ms", "50",
              "auto.offset.reset", "earliest");
      consumer =
          new KafkaConsumer<>(
              client(required), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
    return consumer;
  }

  private Properties client(Map<String, String> required) {
    Properties properties = KafkaClients.properties(kafka, required);
    properties.putIfAbsent("default.api.timeout.ms", Integer.toString(TIMEOUT_MILLIS));
    properties.putIfAbsent("request.timeout.ms", Integer.toString(TIMEOUT_MILLIS));
    return properties;
  }

  /** What became of an attempt, in one line for people. */
  static RegistryException failed(String what, Kafka kafka, KafkaException e) {
    String cause =
        e.getCause() instanceof KafkaException inner ? inner.getMessage() : e.getMessage();
    return new RegistryException(
        "cannot "
            + what
            + " topic "
            + NAME
            + " at "
            + kafka.bootstrap()
            + ": "
            + cause
            + " (is Kafka running there, and do kafka.properties fit?)",
        e);
  }

  @Override
  public void close() {
    if (consumer != null) {
      consumer.close();
    }
    if (admin != null) {
      admin.close(Duration.ofSeconds(5));
    }
  }

  /** Bounds the time without a record. */
  private static final class Deadline {
    private long end;

    Deadline() {
      restart();
    }

    void restart() {
      end = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
    }

    void check() {
      if (System.nanoTime() - end > 0) {
        throw new KafkaException(
            "no record for "
                + PATIENCE_MILLIS
                + " ms; somebody may have left a transaction open, try again");
      }
    }
  }
}
