package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.config.Redaction;
import dev.eddy.jobs.io.KafkaClients;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Looks, before a job is submitted, whether Kafka is as the configuration says: reachable, the
 * events topic there, the result topics there (or made), transactions allowed to live long enough.
 * What a job would otherwise say minutes later in a stack trace of its cluster, this says at once
 * in one line.
 */
final class Preflight implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;
  private static final String TIMEOUT = "transaction.max.timeout.ms";

  /** What a command is about to do. */
  enum Use {
    /** Read the history, write a model. */
    TRAIN,
    /** Read events, write results. */
    SERVE
  }

  private final PipelineConfig config;
  private final PrintStream err;
  private final Admin admin;

  private Preflight(PipelineConfig config, PrintStream err) {
    this.config = config;
    this.err = err;
    this.admin = admin(config.kafka());
  }

  /**
   * Checks everything that the use needs; makes missing result topics, with as many partitions as
   * the events topic.
   *
   * @param err hears of topics that were made and of checks that the user may not make
   * @throws ConfigException saying what is missing and what to do
   */
  static void check(PipelineConfig config, Use use, PrintStream err) {
    boolean files = !config.source().files().isEmpty();
    if (files && use == Use.SERVE) {
      throw new ConfigException(
          "source.file: serve reads the topic %s; use train, evaluate and demo for files"
              .formatted(config.source().topic()));
    }
    if (!files && !config.source().melt().isEmpty()) {
      throw new ConfigException(
          "source.melt: a topic has one reading per record; give source.entity and target, or use files: source.file, or --data of train, evaluate and demo");
    }
    try (Preflight preflight = new Preflight(config, err)) {
      List<Node> brokers = preflight.brokers();
      if (files) {
        return; // no topic of its own is read, and the models topic is made where it is missing
      }
      int partitions = preflight.events();
      if (use == Use.SERVE) {
        preflight.results(partitions);
        if (config.serving().delivery().equals("exactly-once")) {
          preflight.transactions(brokers);
        }
      }
    }
  }

  /** Checks that a broker answers. */
  static void reach(PipelineConfig config, PrintStream err) {
    try (Preflight preflight = new Preflight(config, err)) {
      preflight.brokers();
    }
  }

  private static Admin admin(PipelineConfig.Kafka kafka) {
    Properties properties = KafkaClients.properties(kafka, Map.of());
    properties.putIfAbsent("default.api.timeout.ms", "8000");
    properties.putIfAbsent("request.timeout.ms", "4000");
    try {
      return Admin.create(properties);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (String.valueOf(cause.getMessage()).contains("bootstrap.servers")) {
        throw new ConfigException(
            "kafka.bootstrap: none of the hosts in %s is known here; is the address right?"
                .formatted(kafka.bootstrap()));
      }
      throw new ConfigException(
          "kafka: the client properties cannot be used: "
              + Redaction.clean(String.valueOf(cause.getMessage()), kafka));
    }
  }

  private List<Node> brokers() {
    try {
      return List.copyOf(get(admin.describeCluster().nodes()));
    } catch (AuthorizationException e) {
      return List.of();
    } catch (TimeoutException | KafkaException e) {
      throw new ConfigException(
          "kafka.bootstrap: no broker answers at %s; is Kafka running, is the address right, does its listener speak %s?"
              .formatted(config.kafka().bootstrap(), protocol()));
    }
  }

  private String protocol() {
    return Redaction.properties(config.kafka().properties(), config.kafka().referenced())
        .getOrDefault("security.protocol", "PLAINTEXT (security.protocol is not set)");
  }

  /** The number of partitions of the events topic. */
  private int events() {
    String topic = config.topic("events");
    TopicDescription found = describe(topic);
    if (found == null) {
      throw new ConfigException(
          "source.topic: there is no topic '%s' at %s; make it (its number of partitions is yours to choose), or name another"
              .formatted(topic, config.kafka().bootstrap()));
    }
    return found.partitions().size();
  }

  private void results(int partitions) {
    List<String> missing = new ArrayList<>();
    for (String kind : List.of("predictions", "scores", "late", "dead-letters")) {
      String topic = config.topic(kind);
      if (describe(topic) == null) {
        missing.add(topic);
      }
    }
    for (String topic : missing) {
      make(new NewTopic(topic, Optional.of(partitions), Optional.empty()));
    }
  }

  private void make(NewTopic topic) {
    try {
      get(admin.createTopics(Set.of(topic)).all());
      err.println(
          "eddy: made topic %s of %d partitions".formatted(topic.name(), topic.numPartitions()));
    } catch (TopicExistsException e) {
      // Somebody was faster: that is as good.
    } catch (TimeoutException | KafkaException e) {
      throw new ConfigException(
          "topic '%s' is missing and cannot be made (%s); make it by hand"
              .formatted(topic.name(), reason(e)));
    }
  }

  private TopicDescription describe(String topic) {
    try {
      return get(admin.describeTopics(Set.of(topic)).topicNameValues().get(topic));
    } catch (UnknownTopicOrPartitionException e) {
      return null;
    } catch (TimeoutException | KafkaException e) {
      throw new ConfigException("topic '%s' cannot be looked at: %s".formatted(topic, reason(e)));
    }
  }

  /** A transaction that the broker ends before its checkpoint is complete loses what it held. */
  private void transactions(List<Node> brokers) {
    Set<Long> limits = new LinkedHashSet<>();
    try {
      for (Node broker : brokers) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
        ConfigEntry entry =
            get(admin.describeConfigs(Set.of(resource)).values().get(resource)).get(TIMEOUT);
        if (entry != null && entry.value() != null) {
          limits.add(Long.parseLong(entry.value()));
        }
      }
    } catch (TimeoutException | KafkaException e) {
      err.println(
          "eddy: warning: the brokers' %s cannot be read (%s); it must be at least serving.transaction-timeout"
              .formatted(TIMEOUT, reason(e)));
      return;
    }
    long wanted = config.serving().transactionTimeoutMillis();
    for (long limit : limits) {
      if (wanted > limit) {
        throw new ConfigException(
            "serving.transaction-timeout: found %d ms, the brokers allow at most %d ms (%s); lower it, or raise theirs"
                .formatted(wanted, limit, TIMEOUT));
      }
    }
  }

  private String reason(Throwable e) {
    if (e instanceof TimeoutException
        || e instanceof org.apache.kafka.common.errors.TimeoutException) {
      return "no answer within " + PATIENCE_SECONDS + " s";
    }
    return Redaction.clean(String.valueOf(e.getMessage()), config.kafka());
  }

  /** The value, or the failure itself instead of its wrapping. */
  private <T> T get(KafkaFuture<T> future) throws TimeoutException {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthenticationException refused) {
        throw new ConfigException(
            "kafka.properties: %s refuses these credentials (%s)"
                .formatted(config.kafka().bootstrap(), reason(refused)));
      }
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    }
  }

  @Override
  public void close() {
    admin.close(java.time.Duration.ofSeconds(1));
  }
}
