package dev.eddy.jobs.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka broker in this process: KRaft, broker and controller in one, bound to 127.0.0.1,
 * replication 1, topics never made by accident. Small enough to sit beside Flink in one JVM;
 * everything else about it is a real broker.
 *
 * <p>{@link #close()} stops it within a few seconds and deletes its files. Nothing closes it when
 * the JVM ends: who starts it registers a shutdown hook where that matters.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final String WHO = "Kafka broker";
  private static final int ATTEMPTS = 3;
  private static final int TIMEOUT_SECONDS = 30;

  private final TemporaryDirectory directory;
  private final KafkaRaftServer server;
  private final int port;
  private boolean closed;

  private EmbeddedKafka(TemporaryDirectory directory, KafkaRaftServer server, int port) {
    this.directory = directory;
    this.server = server;
    this.port = port;
  }

  /** Starts a broker on any free port. */
  public static EmbeddedKafka start() {
    return start(0);
  }

  /**
   * Starts a broker.
   *
   * @param port where clients connect; 0 for any free one
   * @throws PortInUseException if that port is taken
   */
  public static EmbeddedKafka start(int port) {
    return start(port, Map.of());
  }

  /**
   * Starts a broker.
   *
   * @param port where clients connect; 0 for any free one
   * @param settings broker settings that go before the ones here, for example {@code
   *     message.max.bytes}
   * @throws PortInUseException if that port is taken
   */
  public static EmbeddedKafka start(int port, Map<String, String> settings) {
    if (port != 0) {
      Ports.requireFree(WHO, port);
    }
    for (int attempt = 1; ; attempt++) {
      int[] free = Ports.free(2);
      int clientPort = port == 0 ? free[0] : port;
      try {
        return start(clientPort, free[1], settings);
      } catch (RuntimeException e) {
        // A free port may be taken between finding it and listening on it; one that was asked for
        // is not ours to change.
        if (!portTaken(e) || attempt == ATTEMPTS) {
          throw e;
        }
        if (port != 0) {
          Ports.requireFree(WHO, port);
        }
      }
    }
  }

  private static EmbeddedKafka start(int port, int controllerPort, Map<String, String> settings) {
    TemporaryDirectory directory = new TemporaryDirectory("eddy-kafka-");
    KafkaRaftServer server = null;
    try {
      Properties properties = properties(directory.path().resolve("log"), port, controllerPort);
      properties.putAll(settings);
      format(directory.path(), properties);
      server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
      server.startup();
      return new EmbeddedKafka(directory, server, port);
    } catch (RuntimeException | Error e) {
      if (server != null) {
        server.shutdown();
        server.awaitShutdown();
      }
      directory.close();
      throw e;
    }
  }

  private static boolean portTaken(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof java.net.BindException) {
        return true;
      }
    }
    return false;
  }

  private static Properties properties(Path log, int port, int controllerPort) {
    Properties p = new Properties();
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", "1");
    p.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    p.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.setProperty("log.dirs", log.toString());
    p.setProperty("auto.create.topics.enable", "false");
    // One broker: nothing can be replicated.
    p.setProperty("default.replication.factor", "1");
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("offsets.topic.num.partitions", "4");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("transaction.state.log.num.partitions", "4");
    p.setProperty("share.coordinator.state.topic.replication.factor", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");
    p.setProperty("share.coordinator.state.topic.num.partitions", "1");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    // Records keep the event time of what they hold: years ago in a replay, ahead in a simulation.
    p.setProperty("log.retention.ms", "-1");
    p.setProperty("log.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
    // Small: the defaults are made for a machine of its own (128 MiB for the cleaner alone).
    p.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
    p.setProperty("log.cleaner.io.buffer.size", "524288");
    p.setProperty("log.index.size.max.bytes", "1048576");
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "4");
    p.setProperty("num.recovery.threads.per.data.dir", "1");
    p.setProperty("background.threads", "2");
    // Nobody is told of the end of a single broker, so there is nothing to wait for.
    p.setProperty("controlled.shutdown.enable", "false");
    return p;
  }

  private static void format(Path directory, Properties properties) {
    Path file = directory.resolve("server.properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    String[] arguments = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
    int exit = StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8));
    if (exit != 0) {
      throw new IllegalStateException(
          WHO
              + ": formatting its directory failed ("
              + exit
              + "): "
              + said.toString(StandardCharsets.UTF_8));
    }
  }

  /** Where clients connect: {@code 127.0.0.1:port}. */
  public String bootstrap() {
    return "127.0.0.1:" + port;
  }

  /** The port that clients connect to. */
  public int port() {
    return port;
  }

  /** Where the broker keeps its files; gone after {@link #close()}. */
  public Path directory() {
    return directory.path();
  }

  /**
   * Makes a topic and waits until it can be used.
   *
   * @param partitions how many
   * @param configs topic settings, for example {@code cleanup.policy}
   * @throws IllegalStateException if it exists already or cannot be made
   */
  public void createTopic(String name, int partitions, Map<String, String> configs) {
    Map<String, Object> client = new HashMap<>();
    client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap());
    try (Admin admin = Admin.create(client)) {
      NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(configs);
      admin.createTopics(List.of(topic)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("topic " + name + " cannot be made: " + rootMessage(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while making topic " + name, e);
    }
  }

  private static String rootMessage(Exception e) {
    return e.getCause() == null ? e.toString() : e.getCause().getMessage();
  }

  /** Stops the broker and deletes its files. Does nothing the second time. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      server.shutdown();
      server.awaitShutdown();
    } finally {
      directory.close();
    }
  }
}
