package dev.eddy.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.RemoteStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A Kafka broker, a Flink JobManager and TaskManagers as separate JVMs, from the jars that the
 * build copied to {@code target/lib}: what the compose file starts, without a container engine.
 *
 * <p>The Flink processes see Flink's own jars only; the job comes as the shaded jar, as on a real
 * cluster. Every process is ended, by its own handle, in {@link #close()}.
 */
final class ProcessCluster implements AutoCloseable {
  /** Eddy's and the broker's jars: on a cluster, none of them lies beside Flink. */
  private static final Pattern NOT_FLINKS =
      Pattern.compile(
          "(model-|jobs-|kafka|flink-connector-(kafka|base)|jackson-|ejml|picocli|xchart|snakeyaml-\\d).*");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Path directory;
  private final Path libraries;
  private final Map<String, Process> processes = new LinkedHashMap<>();
  private final int kafkaPort = freePort();
  private final int restPort = freePort();
  private int taskManagers;

  ProcessCluster(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory.resolve("tmp"));
    this.libraries = Path.of(System.getProperty("basedir", "."), "target", "lib").toAbsolutePath();
    assertThat(libraries).as("made by `mvn package`").isDirectory();
  }

  String bootstrap() {
    return "127.0.0.1:" + kafkaPort;
  }

  String rest() {
    return "127.0.0.1:" + restPort;
  }

  Path checkpoints() {
    return directory.resolve("checkpoints");
  }

  /** Starts a broker with the settings of a single node, and waits until it answers. */
  void startKafka() throws Exception {
    Path config = directory.resolve("server.properties");
    int controller = freePort();
    Files.writeString(
        config,
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        controller.listener.names=CONTROLLER
        log.dirs=%3$s
        auto.create.topics.enable=false
        # Readings carry their own, old time: a retention by time would delete them at once.
        log.retention.ms=-1
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        transaction.state.log.num.partitions=1
        group.initial.rebalance.delay.ms=0
        """
            .formatted(kafkaPort, controller, directory.resolve("kafka")));
    String classpath = classpath(jar -> true);
    Process format =
        start(
            "kafka-format",
            List.of("-Xmx128m"),
            classpath,
            "kafka.tools.StorageTool",
            "format",
            "-t",
            "MkU3OEVBNTcwNTJENDM2Qk",
            "-c",
            config.toString());
    assertThat(format.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(format.exitValue()).as(() -> log("kafka-format")).isZero();
    start("kafka", List.of("-Xmx384m"), classpath, "kafka.Kafka", config.toString());
  }

  /** Starts the JobManager; TaskManagers may come before or after. */
  void startJobManager() throws IOException {
    Files.createDirectories(conf());
    Files.writeString(conf().resolve("config.yaml"), flinkConfig());
    start(
        "jobmanager",
        List.of("-Xmx512m"),
        flinkClasspath(),
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        "--configDir",
        conf().toString());
  }

  /** Starts one more TaskManager of two slots and returns its name, for {@link #kill}. */
  String startTaskManager() throws IOException {
    String name = "taskmanager-" + ++taskManagers;
    start(
        name,
        List.of("-Xmx512m", "-XX:MaxDirectMemorySize=256m", "--add-modules=jdk.incubator.vector"),
        flinkClasspath(),
        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
        "--configDir",
        conf().toString(),
        "-Dtaskmanager.resource-id=" + name);
    return name;
  }

  /** Waits until the JobManager knows this many task slots. */
  void awaitSlots(int slots) {
    await("slots")
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptionsInstanceOf(IOException.class) // not listening yet
        .failFast("every process lives", this::assertAlive)
        .untilAsserted(() -> assertThat(get("/overview")).contains("\"slots-total\":" + slots));
  }

  /** Where this process submits to: the shaded jar goes along, as with {@code flink run}. */
  StreamExecutionEnvironment environment() {
    return new RemoteStreamEnvironment(
        "127.0.0.1", restPort, new Configuration(), shadedJar().toString());
  }

  /** The running job of this name. */
  Optional<String> running(String name) throws IOException, InterruptedException {
    for (JsonNode job : JSON.readTree(get("/jobs/overview")).at("/jobs")) {
      if (job.at("/name").asText().equals(name) && job.at("/state").asText().equals("RUNNING")) {
        return Optional.of(job.at("/jid").asText());
      }
    }
    return Optional.empty();
  }

  /** The TaskManagers on which a job's first operator runs, by subtask. */
  List<String> taskManagers(String job) throws IOException, InterruptedException {
    String vertex = JSON.readTree(get("/jobs/" + job)).at("/vertices/0/id").asText();
    List<String> names = new ArrayList<>();
    JSON.readTree(get("/jobs/" + job + "/vertices/" + vertex))
        .at("/subtasks")
        .forEach(subtask -> names.add(subtask.at("/taskmanager-id").asText()));
    return names;
  }

  /** Whether a job has had to start again. */
  boolean restarted(String job) throws IOException, InterruptedException {
    return JSON.readTree(get("/jobs/" + job)).at("/timestamps/RESTARTING").asLong() > 0;
  }

  /** Takes a savepoint, ends the job with it, and returns where it lies. */
  String cancelWithSavepoint(String job) throws IOException, InterruptedException {
    String request =
        "{\"cancel-job\": true, \"target-directory\": \"file://%s\"}"
            .formatted(directory.resolve("savepoints"));
    String trigger =
        JSON.readTree(
                HTTP.send(
                        HttpRequest.newBuilder(
                                URI.create("http://" + rest() + "/jobs/" + job + "/savepoints"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(request))
                            .build(),
                        HttpResponse.BodyHandlers.ofString())
                    .body())
            .at("/request-id")
            .asText();
    String path = "/jobs/" + job + "/savepoints/" + trigger;
    await("the savepoint")
        .atMost(Duration.ofSeconds(60))
        .until(() -> get(path).contains("COMPLETED"));
    String answer = get(path);
    assertThat(JSON.readTree(answer).at("/operation/failure-cause").isMissingNode())
        .as(answer)
        .isTrue();
    return JSON.readTree(answer).at("/operation/location").asText();
  }

  /** {@code flink run -d} with the shaded jar; returns the JobIDs that the client printed. */
  List<String> submit(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("run", "-d", shadedJar().toString()));
    all.addAll(List.of(arguments));
    String output = flink(all.toArray(String[]::new));
    Matcher ids = Pattern.compile("JobID ([0-9a-f]{32})").matcher(output);
    List<String> found = new ArrayList<>();
    while (ids.find()) {
      found.add(ids.group(1));
    }
    return found;
  }

  /** Starts Flink's command line. */
  Process startFlink(String name, String... arguments) throws IOException {
    return start(
        name,
        List.of("-Xmx512m"),
        flinkClasspath(),
        "org.apache.flink.client.cli.CliFrontend",
        arguments);
  }

  /** Runs Flink's command line to its end and returns what it printed. */
  String flink(String... arguments) throws Exception {
    Process client = startFlink("client", arguments);
    assertThat(client.waitFor(120, TimeUnit.SECONDS)).as("the client ends").isTrue();
    String output = log("client");
    assertThat(client.exitValue()).as(output).isZero();
    return output;
  }

  /** The body that the JobManager's REST interface gives for a path. */
  String get(String path) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create("http://" + rest() + path))
                .timeout(Duration.ofSeconds(5))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** SIGKILL: the process has no chance to say goodbye. */
  void kill(String name) throws InterruptedException {
    Process process = processes.remove(name);
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  /** Fails, with its log, if a process that should run has ended. */
  void assertAlive() {
    processes.forEach(
        (name, process) -> {
          if (!process.isAlive() && !name.equals("kafka-format") && !name.startsWith("client")) {
            throw new AssertionError(
                name + " ended with " + process.exitValue() + "\n" + log(name));
          }
        });
  }

  /** The last lines of every process's log: what one wants to read when a test failed. */
  String logs() {
    return processes.keySet().stream()
        .map(name -> "== " + name + "\n" + log(name))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() throws InterruptedException {
    for (Process process : processes.values()) {
      process.destroy();
    }
    for (Process process : processes.values()) {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
    }
  }

  static Path shadedJar() {
    Path target = Path.of(System.getProperty("basedir", "."), "target").toAbsolutePath();
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-shaded.jar"))
          .findFirst()
          .orElseThrow(
              () -> new AssertionError("no shaded jar in " + target + ": run `mvn package`"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path conf() {
    return directory.resolve("conf");
  }

  private String flinkConfig() {
    return """
    jobmanager.rpc.address: 127.0.0.1
    jobmanager.rpc.port: %d
    jobmanager.bind-host: 127.0.0.1
    jobmanager.memory.process.size: 1g
    rest.address: 127.0.0.1
    rest.bind-address: 127.0.0.1
    rest.port: %d
    taskmanager.host: 127.0.0.1
    taskmanager.bind-host: 127.0.0.1
    taskmanager.numberOfTaskSlots: 2
    taskmanager.cpu.cores: 1
    taskmanager.memory.task.heap.size: 256m
    taskmanager.memory.framework.heap.size: 128m
    taskmanager.memory.task.off-heap.size: 16m
    taskmanager.memory.framework.off-heap.size: 64m
    taskmanager.memory.managed.size: 16m
    taskmanager.memory.network.min: 32m
    taskmanager.memory.network.max: 32m
    taskmanager.memory.jvm-metaspace.size: 256m
    taskmanager.memory.jvm-overhead.min: 192m
    taskmanager.memory.jvm-overhead.max: 192m
    io.tmp.dirs: %s
    # Much shorter than the defaults (10 s and 50 s), so that a killed TaskManager is missed soon.
    heartbeat.interval: 1000
    heartbeat.timeout: 6000
    resourcemanager.taskmanager-timeout: 60000
    restart-strategy.type: fixed-delay
    restart-strategy.fixed-delay.attempts: 20
    restart-strategy.fixed-delay.delay: 1 s
    execution.checkpointing.dir: file://%s
    execution.target: remote
    """
        .formatted(freePort(), restPort, directory.resolve("tmp"), checkpoints());
  }

  private String flinkClasspath() {
    return classpath(jar -> !NOT_FLINKS.matcher(jar).matches());
  }

  private String classpath(java.util.function.Predicate<String> wanted) {
    String[] jars =
        libraries.toFile().list((dir, name) -> name.endsWith(".jar") && wanted.test(name));
    return Stream.concat(
            Stream.of(Path.of("src/test/cluster").toAbsolutePath().toString()),
            Stream.of(jars).sorted().map(jar -> libraries.resolve(jar).toString()))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Process start(
      String name, List<String> options, String classpath, String mainClass, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-XX:+UseSerialGC");
    command.add("-Djava.io.tmpdir=" + directory.resolve("tmp"));
    command.add("--add-opens=java.base/java.util=ALL-UNNAMED");
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.add(
        "-Dlog4j2.configurationFile="
            + Path.of("src/test/cluster/log4j2.properties").toAbsolutePath());
    command.add("-cp");
    command.add(classpath);
    command.add(mainClass);
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(logFile(name).toFile());
    builder.environment().put("FLINK_CONF_DIR", conf().toString());
    Process process = builder.start();
    processes.put(name, process);
    return process;
  }

  private Path logFile(String name) {
    return directory.resolve(name + ".log");
  }

  private String log(String name) {
    try {
      List<String> lines = Files.readAllLines(logFile(name));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
