package dev.eddy.jobs.registry;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.config.PipelineConfig.Kafka;
import dev.eddy.jobs.io.KafkaClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Reads and writes the models topic with plain Kafka clients, whose properties are the
 * configuration's. Every look reads the topic from its beginning: it is compacted and small.
 *
 * <p>All methods throw {@link RegistryException} when Kafka cannot be reached or refuses. Not
 * thread-safe.
 */
public final class ModelRegistry implements AutoCloseable {
  private final Kafka kafka;
  private final ModelsTopic topic;

  private ModelRegistry(Kafka kafka) {
    this.kafka = kafka;
    this.topic = new ModelsTopic(kafka);
  }

  /** The registry on a Kafka. Connects when first used. */
  public static ModelRegistry open(Kafka kafka) {
    return new ModelRegistry(kafka);
  }

  /**
   * Who is live, and how far the topic had been read to know it: a job that follows it from {@code
   * endOffset} misses nothing and sees no history.
   *
   * @param model the live model; empty if nothing was ever published and promoted, or the live
   *     version is gone
   * @param endOffset offset after the last record read
   */
  public record Live(Optional<ModelRef> model, long endOffset) {}

  /**
   * A version that is there.
   *
   * @param ref its reference; the swap epoch is that of the pointer if it is live, else 0
   * @param about what its manifest says for people
   * @param live whether the pointer is on it
   */
  public record Entry(ModelRef ref, Map<String, String> about, boolean live) {}

  /**
   * Makes the topic, compacted and of one partition, where it is missing; checks it where it is
   * there.
   */
  public void ensureTopic() {
    topic.ensure();
  }

  /** The live model of a pipeline. A missing topic is one without a live model. */
  public Live live(String name) {
    ModelsTopic.Read read = topic.read();
    return new Live(live(read.log(), name), read.endOffset());
  }

  /**
   * A version of a pipeline, live or not; its swap epoch is 0. Empty if it was never published or
   * is retired.
   */
  public Optional<ModelRef> find(String name, int version) {
    return Optional.ofNullable(topic.read().log().of(name).get(version))
        .map(ModelsLog.Version::ref);
  }

  /** The version that the next model of a pipeline gets. */
  public int nextVersion(String name) {
    return topic.read().log().highest(name) + 1;
  }

  /** The swap epoch that the next change of a pipeline's pointer gets. */
  public long nextEpoch(String name) {
    return nextEpoch(topic.read().log(), name);
  }

  /** All pipelines that have models, in order. */
  public List<String> names() {
    return List.copyOf(topic.read().log().names());
  }

  /** All versions of a pipeline that are not retired, oldest first. */
  public List<Entry> list(String name) {
    ModelsLog log = topic.read().log();
    Optional<ModelRef> live = live(log, name);
    List<Entry> entries = new ArrayList<>();
    for (ModelsLog.Version version : log.of(name).values()) {
      boolean isLive = live.isPresent() && live.get().version() == version.ref().version();
      entries.add(new Entry(isLive ? live.get() : version.ref(), version.about(), isLive));
    }
    return entries;
  }

  /**
   * The model file behind a reference; where it was published again with the same bytes, the offset
   * may be that of a record which compaction has removed.
   *
   * @throws BadModelException if it is gone, or not what the reference says
   */
  public byte[] fetch(ModelRef ref) throws BadModelException {
    byte[] file = ModelRecords.decodeFile(topic.value(ref));
    if (file.length != ref.size()) {
      throw new BadModelException(
          who(ref) + " has " + file.length + " bytes, the reference says " + ref.size());
    }
    String hash = ModelRecords.sha256(file);
    if (!hash.equals(ref.sha256())) {
      throw new BadModelException(
          who(ref) + " has sha256 " + hash + ", the reference says " + ref.sha256());
    }
    return file;
  }

  /**
   * Publishes a model as the pipeline's next version, in one transaction with the pointer if it is
   * to be live. Of two publishers of the same pipeline at once, the one that began first fails.
   *
   * @param name the pipeline's name
   * @param file the model file, at most {@link ModelRecords#MAX_MODEL_BYTES}
   * @param about for people: metrics, data range, parent, code version
   * @param promote whether it becomes the live model
   * @return its reference; with the new swap epoch if promoted, else 0
   */
  public ModelRef publish(String name, byte[] file, Map<String, String> about, boolean promote) {
    if (file.length > ModelRecords.MAX_MODEL_BYTES) {
      throw new IllegalArgumentException(
          "model of "
              + name
              + " has "
              + file.length
              + " bytes, at most "
              + ModelRecords.MAX_MODEL_BYTES
              + " can be published; make the network smaller");
    }
    return write(
        name,
        writer -> {
          int version = writer.log.highest(name) + 1;
          Manifest manifest =
              new Manifest(name, version, ModelRecords.sha256(file), file.length, about);
          long offset =
              writer.send(
                  ModelRecords.manifestKey(name, version), ModelRecords.manifest(manifest, file));
          long epoch = promote ? nextEpoch(writer.log, name) : 0;
          if (promote) {
            writer.send(ModelRecords.pointerKey(name), ModelRecords.pointer(version, epoch));
          }
          return new ModelRef(name, version, epoch, manifest.sha256(), file.length, 0, offset);
        });
  }

  /**
   * Makes a version the live one; a rollback is the same with an older version.
   *
   * @return its reference with the new swap epoch
   * @throws IllegalArgumentException if there is no such version
   */
  public ModelRef promote(String name, int version) {
    return write(
        name,
        writer -> {
          ModelRef ref = existing(writer.log, name, version).ref();
          long epoch = nextEpoch(writer.log, name);
          writer.send(ModelRecords.pointerKey(name), ModelRecords.pointer(version, epoch));
          return withEpoch(ref, epoch);
        });
  }

  /**
   * Retires a version: its model is deleted.
   *
   * @throws IllegalArgumentException if there is no such version, or it is live
   */
  public void retire(String name, int version) {
    write(
        name,
        writer -> {
          existing(writer.log, name, version);
          if (live(writer.log, name).map(ModelRef::version).orElse(0) == version) {
            throw new IllegalArgumentException(
                "version "
                    + version
                    + " of "
                    + name
                    + " is live; promote another before retiring it");
          }
          writer.send(ModelRecords.manifestKey(name, version), null);
          return null;
        });
  }

  private static ModelsLog.Version existing(ModelsLog log, String name, int version) {
    ModelsLog.Version found = log.of(name).get(version);
    if (found == null) {
      throw new IllegalArgumentException(
          "there is no version "
              + version
              + " of "
              + name
              + " in "
              + PipelineConfig.MODELS_TOPIC
              + "; there are "
              + log.of(name).keySet());
    }
    return found;
  }

  private static Optional<ModelRef> live(ModelsLog log, String name) {
    ModelRecord.Pointed pointer = log.pointer(name);
    if (pointer == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(log.of(name).get(pointer.version()))
        .map(version -> withEpoch(version.ref(), pointer.swapEpoch()));
  }

  private static long nextEpoch(ModelsLog log, String name) {
    ModelRecord.Pointed pointer = log.pointer(name);
    return pointer == null ? 1 : pointer.swapEpoch() + 1;
  }

  private static ModelRef withEpoch(ModelRef ref, long epoch) {
    return new ModelRef(
        ref.name(), ref.version(), epoch, ref.sha256(), ref.size(), ref.partition(), ref.offset());
  }

  private static String who(ModelRef ref) {
    return "version " + ref.version() + " of " + ref.name() + " (offset " + ref.offset() + ")";
  }

  /** A transaction on the topic, and what the topic says as it begins. */
  private static final class Writer {
    private final KafkaProducer<byte[], byte[]> producer;
    private final ModelsLog log;

    Writer(KafkaProducer<byte[], byte[]> producer, ModelsLog log) {
      this.producer = producer;
      this.log = log;
    }

    /** Sends a record and waits until it has its offset. */
    long send(byte[] key, byte[] value) {
      try {
        return producer
            .send(new ProducerRecord<>(PipelineConfig.MODELS_TOPIC, 0, key, value))
            .get()
            .offset();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KafkaException("interrupted while writing", e);
      } catch (java.util.concurrent.ExecutionException e) {
        throw new KafkaException(e.getCause().getMessage(), e.getCause());
      }
    }
  }

  private <R> R write(String name, Function<Writer, R> body) {
    Properties properties =
        KafkaClients.properties(
            kafka,
            Map.of(
                "transactional.id",
                PipelineConfig.MODELS_TOPIC + "-" + name,
                "transaction.timeout.ms",
                Integer.toString(ModelsTopic.TRANSACTION_MILLIS)));
    properties.putIfAbsent("max.block.ms", Integer.toString(ModelsTopic.TIMEOUT_MILLIS));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      // Ends what an earlier publisher of this pipeline left open, before the topic is read.
      producer.initTransactions();
      ModelsLog log = topic.read().log();
      producer.beginTransaction();
      try {
        R result = body.apply(new Writer(producer, log));
        producer.commitTransaction();
        return result;
      } catch (IllegalArgumentException e) {
        producer.abortTransaction();
        throw e;
      }
    } catch (KafkaException e) {
      throw ModelsTopic.failed("write", kafka, e);
    }
  }

  @Override
  public void close() {
    topic.close();
  }
}
