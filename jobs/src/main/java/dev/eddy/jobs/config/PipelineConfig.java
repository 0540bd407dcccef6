package dev.eddy.jobs.config;

import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.train.TrainingSpec;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One pipeline, validated: everything that {@code train}, {@code serve}, {@code evaluate} and
 * {@code demo} need to know. Made by {@link ConfigLoader} only. Lists and maps are immutable.
 *
 * @param name model name, topic prefix, consumer group, transactional id prefix
 * @param kafka the Kafka that holds events, models and results
 * @param source where events come from and how they are read
 * @param forecast the task
 * @param training how models are trained
 * @param serving how the streaming job behaves
 * @param models where large models lie
 * @param evaluation the split of {@code eddy evaluate}; null where the configuration has none
 * @param demo how {@code eddy demo} uses a file; null where the configuration has none
 */
public record PipelineConfig(
    String name,
    Kafka kafka,
    Source source,
    ForecastSpec forecast,
    Training training,
    Serving serving,
    Models models,
    Evaluation evaluation,
    Demo demo)
    implements Serializable {

  /**
   * Where Kafka is, and how a client gets in.
   *
   * @param bootstrap {@code host:port[,host:port]}
   * @param properties client properties passed through untouched; secret in all output ({@link
   *     Redaction})
   * @param referenced keys of properties whose values came by a reference: never shown
   */
  public record Kafka(String bootstrap, Map<String, String> properties, Set<String> referenced)
      implements Serializable {

    /** Keeps copies. */
    public Kafka {
      properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
      referenced = Collections.unmodifiableSet(new LinkedHashSet<>(referenced));
    }

    /** A Kafka none of whose property values came by a reference. */
    public Kafka(String bootstrap, Map<String, String> properties) {
      this(bootstrap, properties, Set.of());
    }

    /** What may be shown: the address, and of the properties the harmless ones. */
    @Override
    public String toString() {
      return "Kafka[bootstrap=%s, properties=%s]"
          .formatted(bootstrap, Redaction.properties(properties, referenced));
    }
  }

  /**
   * Where readings come from and how they are read.
   *
   * @param topic the events topic; {@code <name>.events} unless given
   * @param files paths or URIs of files, folders or globs, for bounded runs; empty where the source
   *     is a topic
   * @param format {@code json} or {@code csv}, of files {@code parquet} too
   * @param entity field that names the entity; null where columns are melted
   * @param melt columns each of which becomes an entity; empty where an entity field is given
   * @param value field of the value ({@code target} in the configuration); null where columns are
   *     melted
   * @param time where the event time stands
   * @param start {@code earliest}, {@code latest}, {@code committed} or an ISO instant
   * @param maxAheadMillis a time stamp further ahead of the Kafka record's own is bad; 0 for no
   *     limit
   * @param maxBytes a record larger than this is bad
   */
  public record Source(
      String topic,
      List<String> files,
      String format,
      String entity,
      List<String> melt,
      String value,
      Time time,
      String start,
      long maxAheadMillis,
      int maxBytes)
      implements Serializable {

    /** Keeps copies. */
    public Source {
      files = List.copyOf(files);
      melt = List.copyOf(melt);
    }

    /**
     * The same columns in other files; of their own format, where the name of the first one tells
     * it.
     */
    public Source withFiles(List<String> others) {
      return new Source(
          topic,
          others,
          FileNames.format(others.get(0)).orElse(format),
          entity,
          melt,
          value,
          time,
          start,
          maxAheadMillis,
          maxBytes);
    }
  }

  /**
   * Where the event time stands and how it is written.
   *
   * @param field field or column of the time
   * @param format {@code epoch-millis}, {@code epoch-seconds}, {@code iso}, or a java.time pattern
   * @param zone zone of local times
   */
  public record Time(String field, String format, String zone) implements Serializable {}

  /**
   * How models are trained and when they are published.
   *
   * @param spec what the trainer itself needs
   * @param validation share of the time range, before the gate's, that stops training early
   * @param gate share of the time range, the newest, that decides publication
   * @param parallelism task slots; shards are placed on them
   * @param margin share by which the model must beat the best baseline on the gate's stretch to be
   *     published
   * @param liveMargin share by which it must beat the model that is live
   * @param refit whether a model that passed the gate is trained once more with the newest data
   * @param stragglers what happens to a round that a shard does not end in time
   * @param memoryBytes of readings that a task slot keeps in memory; what is more lies on its disk
   * @param start events from here on: {@code earliest} or an ISO instant
   * @param end events up to here: {@code latest} (as of the start of the run) or an ISO instant
   * @param offsets offsets of the events topic to read, by partition, and no other partitions;
   *     empty for all that is there
   * @param maxRetries times the job may be restarted after a failure
   */
  public record Training(
      TrainingSpec spec,
      double validation,
      double gate,
      int parallelism,
      double margin,
      double liveMargin,
      boolean refit,
      Stragglers stragglers,
      long memoryBytes,
      String start,
      String end,
      Map<Integer, Offsets> offsets,
      int maxRetries)
      implements Serializable {

    /** Keeps a copy, in the order of partitions. */
    public Training {
      offsets = Collections.unmodifiableMap(new TreeMap<>(offsets));
    }
  }

  /**
   * Records of a partition.
   *
   * @param from first offset
   * @param to the offset after the last; {@link Long#MAX_VALUE} for all that is there
   */
  public record Offsets(long from, long to) implements Serializable {}

  /**
   * How long a round waits for its slowest shard.
   *
   * @param timeoutMillis from the round's beginning
   * @param drop whether the round then goes on without it, at the price of determinism, instead of
   *     failing the job
   */
  public record Stragglers(long timeoutMillis, boolean drop) implements Serializable {}

  /**
   * Where models lie that are too large for the models topic.
   *
   * @param store URI under which they are written, through Flink's file systems; null for nowhere
   * @param allowed URIs under which they may be read
   */
  public record Models(String store, List<String> allowed) implements Serializable {}

  /**
   * How the streaming job behaves.
   *
   * @param delivery {@code exactly-once} or {@code at-least-once}
   * @param checkpointMillis interval of checkpoints; with exactly-once, readers see results this
   *     much later
   * @param swap what a model swap does to an entity's state
   * @param batchSize events of different entities stepped together at most
   * @param lingerMillis how long an event waits for others at most
   * @param maxDelayMillis {@code ordering.max-delay}: 0 applies events at once
   * @param gapReset steps of silence after which an entity starts anew; 0 never
   * @param parallelism subtasks; 0 leaves it to the cluster
   * @param maxParallelism key groups, fixed for the life of the job's state
   * @param transactionTimeoutMillis of the sinks' transactions; checked against the broker's
   *     maximum
   */
  public record Serving(
      String delivery,
      long checkpointMillis,
      Swap swap,
      int batchSize,
      long lingerMillis,
      long maxDelayMillis,
      int gapReset,
      int parallelism,
      int maxParallelism,
      long transactionTimeoutMillis)
      implements Serializable {}

  /** What a model swap does to an entity's state, lazily at the entity's next event. */
  public enum Swap {
    /** Run the ring of raw readings through the new weights. */
    REWARM,
    /** Go on with the old state if the architecture is the same, else re-warm. */
    KEEP,
    /** Start afresh. */
    RESET
  }

  /**
   * A time-ordered split by rows of each entity; the test part is scored once.
   *
   * @param train rows to train on
   * @param validation rows that choose
   * @param test rows that are scored
   */
  public record Evaluation(int train, int validation, int test) implements Serializable {}

  /**
   * What {@code eddy demo} makes of a file, or simulates without one.
   *
   * @param history rows of each entity that are history, trained on before the stream begins
   * @param entities simulated entities, where there is no file
   * @param rate events per second; 0 is as fast as it goes
   */
  public record Demo(int history, int entities, int rate) implements Serializable {}

  /** The same pipeline on another Kafka. */
  public PipelineConfig withKafka(Kafka other) {
    return new PipelineConfig(
        name, other, source, forecast, training, serving, models, evaluation, demo);
  }

  /** The same pipeline with another source. */
  public PipelineConfig withSource(Source other) {
    return new PipelineConfig(
        name, kafka, other, forecast, training, serving, models, evaluation, demo);
  }

  /** The same pipeline, trained differently. */
  public PipelineConfig withTraining(Training other) {
    return new PipelineConfig(
        name, kafka, source, forecast, other, serving, models, evaluation, demo);
  }

  /** The same pipeline, served differently. */
  public PipelineConfig withServing(Serving other) {
    return new PipelineConfig(
        name, kafka, source, forecast, training, other, models, evaluation, demo);
  }

  /**
   * The topic of one kind: {@code events}, {@code predictions}, {@code scores}, {@code late},
   * {@code dead-letters}.
   */
  public String topic(String kind) {
    return kind.equals("events") ? source.topic() : name + "." + kind;
  }

  /** The compacted topic of all models. */
  public static final String MODELS_TOPIC = "eddy.models";
}
