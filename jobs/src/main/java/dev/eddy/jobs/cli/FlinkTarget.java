package dev.eddy.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.embedded.EmbeddedFlink;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.RemoteStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Where a job runs: on the cluster that {@code flink run} gave, on one named by its REST address,
 * or in this process.
 */
final class FlinkTarget implements AutoCloseable {
  static final String OPTION =
      "REST address of a running Flink to submit to. Default: a small cluster in this process.";

  private static final Pattern ADDRESS =
      Pattern.compile("(?:https?://)?(\\[[^]]+]|[^:/]+):(\\d{1,5})/?");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The three places. */
  enum Kind {
    /** This process. */
    LOCAL,
    /** A cluster named by its REST address. */
    REMOTE,
    /** Whatever Flink's own client was told. */
    GIVEN
  }

  private final Kind kind;
  private final Supplier<StreamExecutionEnvironment> environment;
  private EmbeddedFlink embedded;
  private Thread hook;

  private FlinkTarget(Kind kind, Supplier<StreamExecutionEnvironment> environment) {
    this.kind = kind;
    this.environment = environment;
  }

  private FlinkTarget(int slots, PrintStream err) {
    this.kind = Kind.LOCAL;
    this.environment = () -> start(slots, err);
  }

  /**
   * The place that the user asked for. A cluster in this process starts with the first environment.
   *
   * @param cluster {@code HOST:PORT} or null
   * @param slots of a cluster in this process
   * @throws ConfigException if no Flink answers at the address
   */
  static FlinkTarget of(String cluster, int slots, PrintStream err) {
    if (cluster != null) {
      return remote(cluster, err);
    }
    return given()
        ? new FlinkTarget(Kind.GIVEN, StreamExecutionEnvironment::getExecutionEnvironment)
        : new FlinkTarget(slots, err);
  }

  private StreamExecutionEnvironment start(int slots, PrintStream err) {
    if (embedded == null) {
      embedded = EmbeddedFlink.start(slots);
      // Ctrl-C: stop the cluster and delete its files before the process ends.
      hook = new Thread(embedded::close, "close-flink");
      Runtime.getRuntime().addShutdownHook(hook);
      err.println("eddy: Flink in this process, web UI at " + embedded.webAddress());
    }
    return embedded.environment();
  }

  /** How Flink's client hears that a command failed. */
  static RuntimeException failed(int code) {
    return new CommandFailedException(code);
  }

  /** Whether Flink's own client runs this program and says where jobs go. */
  static boolean given() {
    return !(StreamExecutionEnvironment.getExecutionEnvironment()
        instanceof LocalStreamEnvironment);
  }

  private static FlinkTarget remote(String cluster, PrintStream err) {
    Matcher address = ADDRESS.matcher(cluster);
    if (!address.matches()) {
      throw new ConfigException(
          "--cluster: found '%s', expected HOST:PORT of Flink's REST interface, such as jobmanager:8081"
              .formatted(cluster));
    }
    String host = address.group(1);
    int port = Integer.parseInt(address.group(2));
    String version = version(host, port);
    String jar = shadedJar().toString();
    if (!version.equals(EnvironmentInformation.getVersion())) {
      err.println(
          "eddy: warning: Flink %s runs at %s:%d, this program was built for %s"
              .formatted(version, host, port, EnvironmentInformation.getVersion()));
    }
    return new FlinkTarget(
        Kind.REMOTE, () -> new RemoteStreamEnvironment(host, port, new Configuration(), jar));
  }

  /**
   * The version of the Flink that answers there; asking for it is the cheapest way to see that one
   * does.
   */
  private static String version(String host, int port) {
    String what = "no Flink answers at %s:%d".formatted(host, port);
    String todo =
        "; is the JobManager running, and is this the port of its REST interface (8081 unless changed)?";
    try {
      URI uri = new URI("http", null, host, port, "/config", null, null);
      HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString());
      String version = new ObjectMapper().readTree(answer.body()).path("flink-version").asText();
      if (answer.statusCode() == 200 && !version.isEmpty()) {
        return version;
      }
      throw new ConfigException(what + " (something else does)" + todo);
    } catch (IOException | URISyntaxException | IllegalArgumentException e) {
      throw new ConfigException(what + todo);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConfigException(
          "interrupted while looking for Flink at %s:%d".formatted(host, port));
    }
  }

  /** The jar that a cluster needs: this program with its libraries. */
  private static Path shadedJar() {
    Path here;
    try {
      here = Path.of(FlinkTarget.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("cannot tell where this program lies", e);
    }
    String name = here.getFileName().toString();
    Path shaded =
        name.endsWith("-shaded.jar")
            ? here
            : here.resolveSibling(name.replaceFirst("\\.jar$", "") + "-shaded.jar");
    if (!Files.isRegularFile(shaded)) {
      throw new ConfigException(
          "--cluster needs %s, which is not there; build it with mvn -B -DskipTests package"
              .formatted(shaded));
    }
    return shaded;
  }

  Kind kind() {
    return kind;
  }

  StreamExecutionEnvironment environment() {
    return environment.get();
  }

  /** Stops a cluster in this process; leaves others alone. */
  @Override
  public void close() {
    if (embedded == null) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending and the hook closes it already; closing twice does nothing.
    }
    embedded.close();
  }
}
