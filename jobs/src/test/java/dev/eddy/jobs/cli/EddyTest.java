package dev.eddy.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes and messages of the command line, where no Kafka is needed. */
class EddyTest {
  private static final String QUICK = "-Dkafka.properties.default.api.timeout.ms=400";
  private static final String QUICKER = "-Dkafka.properties.request.timeout.ms=300";

  @TempDir Path folder;
  private String config;

  @BeforeEach
  void aConfiguration() throws IOException {
    config = write("name: load\n");
  }

  private String write(String text) throws IOException {
    return Files.writeString(folder.resolve("p.yaml"), text).toString();
  }

  /** A port of this machine at which nobody listens. */
  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "train",
        "serve",
        "evaluate",
        "models",
        "models list",
        "models show",
        "models publish",
        "models promote",
        "models rollback",
        "models retire",
        "report"
      })
  void helpHasAnExample(String command) {
    Cli cli = Cli.run((command + " --help").strip().split(" "));
    assertThat(cli.code()).isZero();
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out()).contains("Usage: eddy", "Example", "  eddy " + command);
  }

  @Test
  void helpIsACommandToo() {
    assertThat(Cli.run("help", "train").out()).contains("Usage: eddy train");
  }

  @Test
  void versionSaysBothVersions() {
    Cli cli = Cli.run("--version");
    assertThat(cli.code()).isZero();
    assertThat(cli.out()).contains("eddy ").contains(System.getProperty("java.version"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tarin x.yaml",
        "train",
        "train --clutser a:1 x.yaml",
        "serve",
        "demo --seconds ten",
        "demo --seconds -1",
        "demo --port 99999",
        "demo --no-such-option",
        "evaluate",
        "models",
        "models list",
        "models show x.yaml",
        "models show x.yaml 1 --format xml",
        "models publish x.yaml",
        "models rollback",
        "models rollback x.yaml 2",
        "models retire x.yaml",
        "models promote x.yaml two"
      })
  void badUsageIsExitTwoAndOneMessage(String line) {
    Cli cli = Cli.run(line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).startsWith("eddy: ").doesNotContain("Exception", "\tat ");
    assertThat(cli.err().lines().count()).isLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "serve", "models list"})
  void aConfigurationThatIsNotThere(String command) {
    Cli cli = Cli.run((command + " /no/such/file.yaml").split(" "));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .isEqualToIgnoringNewLines(
            "eddy: /no/such/file.yaml: no such file; expected a pipeline's YAML file");
  }

  @Test
  void aWrongConfigurationNamesEveryProblem() throws IOException {
    Cli cli = Cli.run("train", write("name: load\ntraining: {shard: 1, rounds: many}\n"));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .contains("2 problems")
        .contains("training.shard: unknown key; did you mean 'shards'?")
        .contains("training.rounds: found 'many', expected a whole number from 1 to 1000000")
        .doesNotContain("\tat ");
  }

  @Test
  void anOverrideIsCheckedLikeTheFile() {
    Cli cli = Cli.run("serve", config, "-D", "serving.checkpont=5s");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("serving.checkpont: unknown key; did you mean 'checkpoint'?");
  }

  @Test
  void stackTracesOnlyWithDebug() {
    assertThat(Cli.run("train", "/no/such.yaml", "--debug").err()).contains("\tat dev.eddy");
    assertThat(Cli.run("--debug", "train", "/no/such.yaml").err()).contains("\tat dev.eddy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "serve", "models list"})
  void anUnreachableBrokerIsNamed(String command) throws IOException {
    String broker = "localhost:" + closedPort();
    Cli cli =
        Cli.run(
            (command + " " + config + " -D kafka.bootstrap=" + broker + " " + QUICK + " " + QUICKER)
                .split(" "));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err())
        .isEqualToIgnoringNewLines(
            "eddy: kafka.bootstrap: no broker answers at "
                + broker
                + "; is Kafka running, is the address right, does its listener speak PLAINTEXT"
                + " (security.protocol is not set)?");
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() {
    Cli cli = Cli.run("serve", config, "-D", "kafka.bootstrap=no-such-host.invalid:9092");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .isEqualToIgnoringNewLines(
            "eddy: kafka.bootstrap: none of the hosts in no-such-host.invalid:9092 is known here;"
                + " is the address right?");
  }

  @Test
  void clientPropertiesThatCannotBeUsedAreNotShown() throws IOException {
    String text =
        """
        name: load
        kafka:
          properties: {security.protocol: SASL_SSL, sasl.mechanism: PLAIN, sasl.jaas.config: hunter2-hunter2}
        """;
    for (String debug : List.of("", " --debug")) {
      Cli cli = Cli.run(("train " + write(text) + debug).split(" "));
      assertThat(cli.code()).isEqualTo(2);
      assertThat(cli.err())
          .contains("kafka: the client properties cannot be used")
          .doesNotContain("hunter2");
    }
  }

  @Test
  void anUnreachableClusterIsNamed() throws IOException {
    int port = closedPort();
    Cli cli = Cli.run("train", config, "--cluster", "localhost:" + port);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .isEqualToIgnoringNewLines(
            "eddy: no Flink answers at localhost:"
                + port
                + "; is the JobManager running, and is this the port of its REST interface (8081"
                + " unless changed)?");
    assertThat(Cli.run("serve", config, "--cluster", "localhost").err())
        .contains("--cluster: found 'localhost', expected HOST:PORT");
  }

  @Test
  void filesAreNotForServe() throws IOException {
    Cli cli = Cli.run("serve", write("name: a\nsource: {file: x.csv}\n"));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("source.file: serve reads the topic a.events");
  }
}
