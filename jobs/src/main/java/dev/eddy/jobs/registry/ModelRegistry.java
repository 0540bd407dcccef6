package dev.eddy.jobs.registry;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.config.PipelineConfig.Kafka;
import dev.eddy.jobs.config.PipelineConfig.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.kafka.common.KafkaException;

/**
 * Reads and writes the models topic with plain Kafka clients, whose properties are the
 * configuration's. Every look reads the topic from its beginning: it is compacted and small.
 *
 * <p>All methods throw {@link RegistryException} when Kafka cannot be reached or refuses. Not
 * thread-safe.
 */
public final class ModelRegistry implements AutoCloseable {
  private static final Models TOPIC_ALONE = new Models(null, List.of());

  private final Kafka kafka;
  private final ModelsTopic topic;
  private final ModelFolder folder;

  private ModelRegistry(Kafka kafka, Models models) {
    this.kafka = kafka;
    this.topic = new ModelsTopic(kafka);
    this.folder = new ModelFolder(models);
  }

  /** The registry of a pipeline. Connects when first used. */
  public static ModelRegistry open(PipelineConfig config) {
    return open(config.kafka(), config.models());
  }

  /**
   * The registry on a Kafka.
   *
   * @param models where files lie that are too large for the topic
   */
  public static ModelRegistry open(Kafka kafka, Models models) {
    return new ModelRegistry(kafka, models);
  }

  /** The registry on a Kafka, of models that are in the topic and nowhere else. */
  public static ModelRegistry open(Kafka kafka) {
    return open(kafka, TOPIC_ALONE);
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
   * @param location where its file lies
   * @param about what its manifest says for people
   * @param live whether the pointer is on it
   */
  public record Entry(ModelRef ref, Location location, Map<String, String> about, boolean live) {}

  /** Bytes of the largest model file that can be published with these settings. */
  public static int largest(Models models) {
    return models.store() == null ? ModelRecords.MAX_CHUNKED_BYTES : ModelRecords.MAX_STORED_BYTES;
  }

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
    return new Live(read.log().live(name), read.endOffset());
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
    return topic.read().log().nextEpoch(name);
  }

  /** All pipelines that have models, in order. */
  public List<String> names() {
    return List.copyOf(topic.read().log().names());
  }

  /** All versions of a pipeline that are not retired, oldest first. */
  public List<Entry> list(String name) {
    ModelsLog log = topic.read().log();
    Optional<ModelRef> live = log.live(name);
    List<Entry> entries = new ArrayList<>();
    for (ModelsLog.Version version : log.of(name).values()) {
      boolean isLive = live.isPresent() && live.get().version() == version.ref().version();
      Manifest manifest = version.manifest();
      entries.add(
          new Entry(
              isLive ? live.get() : version.ref(), manifest.location(), manifest.about(), isLive));
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
    ModelsTopic.Found found = topic.find(ref);
    Manifest manifest = found.manifest();
    // Before anything is fetched for it: what the manifest says is what will be read.
    if (manifest.size() != ref.size()) {
      throw new BadModelException(
          who(ref) + " has " + manifest.size() + " bytes, the reference says " + ref.size());
    }
    byte[] file = bytes(found);
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

  private byte[] bytes(ModelsTopic.Found found) throws BadModelException {
    Location location = found.manifest().location();
    if (location instanceof Location.Chunks chunks) {
      return topic.chunks(found, chunks);
    }
    return location instanceof Location.File file
        ? folder.read(found.manifest(), file)
        : ModelRecords.decodeFile(found.value());
  }

  /**
   * Publishes a model as the pipeline's next version, in one transaction with the pointer if it is
   * to be live. Of two publishers of the same pipeline at once, the one that began first fails.
   *
   * @param name the pipeline's name
   * @param file the model file: inline up to {@link ModelRecords#MAX_INLINE_BYTES}, in chunks up to
   *     {@link ModelRecords#MAX_CHUNKED_BYTES}, else in the store
   * @param about for people: metrics, data range, parent, code version
   * @param promote whether it becomes the live model
   * @return its reference; with the new swap epoch if promoted, else 0
   * @throws IllegalArgumentException if the file is too large, or name or provenance cannot be
   *     published
   */
  public ModelRef publish(String name, byte[] file, Map<String, String> about, boolean promote) {
    return write(
        name,
        (log, writer) -> {
          int version = log.highest(name) + 1;
          long epoch = promote ? log.nextEpoch(name) : 0;
          Manifest manifest = manifest(name, version, file, about);
          Publication publication =
              Publication.of(
                  manifest,
                  file,
                  promote ? log.promotion(name, version, epoch, manifest.sha256()) : null);
          // Each by itself: a long transaction would keep every reader of the topic waiting.
          publication.chunks().forEach(chunk -> writer.commit(List.of(chunk)));
          List<TopicRecord> rest = publication.all();
          long offset = writer.commit(rest.subList(publication.chunks().size(), rest.size()));
          return new ModelRef(name, version, epoch, manifest.sha256(), file.length, 0, offset);
        });
  }

  /**
   * The records by which somebody with a writer of his own publishes and promotes a model under
   * numbers that were settled before: the sink of a training job, which may have to repeat itself.
   * A file that goes to the store is there when this returns.
   *
   * @param version the version, from {@link #nextVersion}
   * @param swapEpoch the pointer's epoch, from {@link #nextEpoch}
   * @return in the order in which they must be written; none where all of them are there already
   * @throws VersionTakenException if the numbers went to somebody else meanwhile
   * @throws IllegalArgumentException as {@link #publish}
   */
  public List<TopicRecord> publication(
      String name, int version, long swapEpoch, byte[] file, Map<String, String> about)
      throws VersionTakenException {
    ModelsLog log = topic.read().log();
    String sha256 = ModelRecords.sha256(file);
    ModelsLog.Version there = log.of(name).get(version);
    boolean ours = there != null && there.ref().sha256().equals(sha256);
    boolean pointed = log.nextEpoch(name) > swapEpoch;
    if (ours && pointed) {
      return List.of();
    }
    if (pointed || (!ours && log.highest(name) >= version)) {
      throw new VersionTakenException(
          "version %d with swap epoch %d of '%s' was given to another model meanwhile"
              .formatted(version, swapEpoch, name));
    }
    return Publication.of(
            manifest(name, version, file, about),
            file,
            log.promotion(name, version, swapEpoch, sha256))
        .all();
  }

  /** What will be said of a file, which is in the store then if it belongs there. */
  private Manifest manifest(String name, int version, byte[] file, Map<String, String> about) {
    boolean inTopic = file.length <= ModelRecords.MAX_CHUNKED_BYTES;
    if (!inTopic && !folder.writable()) {
      throw tooLarge(name, file, ModelRecords.MAX_CHUNKED_BYTES, "; set models.store to a folder");
    }
    if (file.length > ModelRecords.MAX_STORED_BYTES) {
      throw tooLarge(name, file, ModelRecords.MAX_STORED_BYTES, "");
    }
    String sha256 = ModelRecords.sha256(file);
    Location location =
        inTopic ? Publication.inTopic(file) : new Location.File(folder.write(name, sha256, file));
    return new Manifest(name, version, sha256, file.length, location, about);
  }

  private static IllegalArgumentException tooLarge(
      String name, byte[] file, int limit, String instead) {
    return new IllegalArgumentException(
        "model of %s has %d bytes, at most %d can be published; make the network smaller%s"
            .formatted(name, file.length, limit, instead));
  }

  /**
   * Makes a version the live one.
   *
   * @return its reference with the new swap epoch
   * @throws IllegalArgumentException if there is no such version
   */
  public ModelRef promote(String name, int version) {
    return write(
        name,
        (log, writer) -> {
          ModelRef ref = existing(log, name, version).ref();
          return point(
              log, writer, log.promotion(name, version, log.nextEpoch(name), ref.sha256()));
        });
  }

  /** The version that a rollback would make live; empty if there is none to go back to. */
  public Optional<ModelRef> beforeLive(String name) {
    ModelsLog log = topic.read().log();
    return log.previous(name).stream().findFirst().map(version -> log.of(name).get(version).ref());
  }

  /**
   * Makes the version live that was so before the live one; repeated, it goes further back.
   *
   * @return its reference with the new swap epoch
   * @throws IllegalArgumentException if there is none, or it is retired
   */
  public ModelRef rollback(String name) {
    return write(
        name,
        (log, writer) -> {
          ModelRecord.Pointed pointed = log.rollback(name);
          if (pointed == null) {
            throw new IllegalArgumentException(
                "no version of '%s' was live before the one that is live, or is there still"
                    .formatted(name));
          }
          return point(log, writer, pointed);
        });
  }

  private static ModelRef point(ModelsLog log, ModelsWriter writer, ModelRecord.Pointed pointed) {
    writer.commit(
        List.of(
            new TopicRecord(
                ModelRecords.pointerKey(pointed.name()), ModelRecords.pointer(pointed))));
    return log.of(pointed.name()).get(pointed.version()).ref().withEpoch(pointed.swapEpoch());
  }

  /**
   * Retires a version: what the topic has of its file is deleted, its number stays taken. A file in
   * the store is left there.
   *
   * @throws IllegalArgumentException if there is no such version, or it is live
   */
  public void retire(String name, int version) {
    write(
        name,
        (log, writer) -> {
          Manifest manifest = existing(log, name, version).manifest();
          if (log.live(name).map(ModelRef::version).orElse(0) == version) {
            throw new IllegalArgumentException(
                "version "
                    + version
                    + " of "
                    + name
                    + " is live; promote another before retiring it");
          }
          return writer.commit(Publication.retirement(manifest));
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

  private static String who(ModelRef ref) {
    return "version " + ref.version() + " of " + ref.name() + " (offset " + ref.offset() + ")";
  }

  /** Begins to write, then reads the topic: what it says holds until somebody else begins. */
  private <R> R write(String name, BiFunction<ModelsLog, ModelsWriter, R> body) {
    try (ModelsWriter writer = ModelsWriter.open(kafka, name)) {
      return body.apply(topic.read().log(), writer);
    } catch (KafkaException e) {
      throw ModelsTopic.failed("write", kafka, e);
    }
  }

  @Override
  public void close() {
    topic.close();
  }
}
