package dev.eddy.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher as a user starts it: a process, its exit code, and every line it says. What the
 * command line says inside one process, without logging set up, the other tests of this package
 * check.
 */
class LauncherIT {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize().getParent();
  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path folder;

  /** What a process said; lines of the JVM itself are left out. */
  private record Said(int code, String out, String err) {}

  private Said eddy(String... arguments) throws Exception {
    return run(ROOT.resolve("eddy"), Map.of(), arguments);
  }

  private Said run(Path launcher, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "said", ".out");
    Path err = Files.createTempFile(folder, "said", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("EDDY_NO_BUILD", "1");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    // No option turns the JVM's warning about the incubating vector module off.
    String heard =
        Files.readString(err)
            .lines()
            .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
            .collect(Collectors.joining("\n"));
    return new Said(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), heard);
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void refused(Said said, String... parts) {
    assertThat(said.code()).as(said.err()).isEqualTo(2);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).startsWith("eddy: ").contains(parts).doesNotContain("\tat ");
    assertThat(said.err().lines()).as("one message").hasSize(1);
  }

  @Test
  void helpAndVersionSayNothingElse() throws Exception {
    Said help = eddy("--help");
    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).contains("demo", "train", "serve", "evaluate", "models", "Example");

    Said version = eddy("--version");
    assertThat(version.code()).isZero();
    assertThat(version.err()).isEmpty();
    assertThat(version.out()).containsPattern("eddy \\d+\\.\\d+\\.\\d+");
  }

  @Test
  void linksAndSpacesOnTheWayToItAreFine() throws Exception {
    Path home = Files.createDirectories(folder.resolve("my eddy"));
    Files.copy(ROOT.resolve("eddy"), home.resolve("eddy"));
    Files.createDirectories(home.resolve("jobs"));
    Path built =
        Files.createSymbolicLink(
            home.resolve("jobs").resolve("target"), ROOT.resolve("jobs").resolve("target"));
    Path link = folder.resolve("a link");
    Files.createSymbolicLink(link, Path.of("my eddy", "eddy"));
    Said said = run(link, Map.of(), "evaluate", "no such.yaml");
    Files.delete(built); // or the folder's cleaner warns that it leads elsewhere
    refused(said, "no such.yaml: no such file");
  }

  @Test
  void anOldJavaIsNamed() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("old java").resolve("bin"));
    Path java = bin.resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        case $1 in
          --list-modules) echo java.base@11.0.2 ;;
          *) echo 'openjdk version "11.0.2"' >&2 ;;
        esac
        """);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Map<String, String> old = Map.of("JAVA_HOME", bin.getParent().toString());
    refused(run(ROOT.resolve("eddy"), old, "--version"), java + " is older than Java 17", "11.0.2");

    Map<String, String> none = Map.of("JAVA_HOME", folder.toString());
    refused(run(ROOT.resolve("eddy"), none, "--version"), "JAVA_HOME is " + folder);
  }

  @Test
  void neitherBuiltNorSources() throws Exception {
    Path alone = Files.copy(ROOT.resolve("eddy"), folder.resolve("eddy"));
    refused(run(alone, Map.of("EDDY_NO_BUILD", ""), "--version"), "neither a built Eddy");
    refused(run(alone, Map.of(), "--version"), "there is no jobs/target/jobs-VERSION.jar");
    refused(run(alone, Map.of(), "bench"), "there is no benchmarks/target/benchmarks-VERSION.jar");
    refused(run(alone, Map.of(), "convert"), "there is no model-interchange/target/model-");
    refused(
        run(alone, Map.of(), "bench", "step", "--peers"), "benchmarks/target/peers/", "-Ppeers");
  }

  @Test
  void theShadedJarAloneSaysWhereItBelongs() throws Exception {
    try (Stream<Path> built = Files.list(ROOT.resolve("jobs").resolve("target"))) {
      Path jar = built.filter(f -> f.toString().endsWith("-shaded.jar")).findFirst().orElseThrow();
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      refused(run(java, Map.of(), "-jar", jar.toString(), "--help"), "flink run", "./eddy");
    }
  }

  @Test
  void aWrongConfigurationIsOneMessage() throws Exception {
    refused(
        eddy("serve", write("key.yaml", "name: a\ntraning: {}\n")),
        "traning: unknown key; did you mean 'training'?");
    refused(
        eddy("train", write("type.yaml", "name: a\ntraining: {rounds: many}\n")),
        "training.rounds: found 'many', expected a whole number");
  }

  @Test
  void whatDoesNotAnswerIsNamedAndSecretsAreNot() throws Exception {
    String broker = "localhost:" + closedPort();
    String config =
        write(
            "secret.yaml",
            """
            name: a
            kafka:
              bootstrap: %s
              properties:
                security.protocol: SASL_PLAINTEXT
                sasl.mechanism: PLAIN
                sasl.jaas.config: org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="hunter2";
                default.api.timeout.ms: 400
                request.timeout.ms: 300
            """
                .formatted(broker));
    refused(eddy("serve", config), "no broker answers at " + broker, "SASL_PLAINTEXT");
    Said debug = eddy("serve", config, "--debug");
    assertThat(debug.code()).isEqualTo(2);
    assertThat(debug.err()).contains("\tat dev.eddy").doesNotContain("hunter2");

    String cluster = "localhost:" + closedPort();
    refused(eddy("train", config, "--cluster", cluster), "no Flink answers at " + cluster);
  }

  @Test
  void evaluationOfAFile() throws Exception {
    String config =
        write(
            "file.yaml",
            """
            name: file
            source: {format: csv, melt: [a, b], time: {field: date, format: iso}}
            forecast: {horizon: 4, seasons: [24], lookback: 24, warmup: 24, scale-window: 100}
            network: [{lstm: {units: 4}}]
            training: {shards: 2, local-steps: 4, rounds: 2, batch: 8, chunk: 12, warmup: 24}
            evaluation: {train: 480, validation: 120, test: 120}
            """);
    refused(eddy("evaluate", config, "--data", "no.csv"), "there is no file", "no.csv");
    refused(
        eddy("evaluate", config, "--data", write("bad.csv", "date,a,b\nyesterday,1,2\n")),
        "bad.csv",
        "yesterday");

    StringBuilder rows = new StringBuilder("date,a,b\n");
    LocalDateTime time = LocalDateTime.of(2026, 1, 1, 0, 0);
    for (int i = 0; i < 720; i++) {
      rows.append("%sZ,%d,%d%n".formatted(time.plusHours(i), i % 24 + i % 7, 50 - i % 24 + i % 5));
    }
    Path json = folder.resolve("out.json");
    Said said =
        eddy(
            "evaluate", config, "--data", write("good.csv", rows.toString()), "--json", "out.json");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).contains("naive-24", "ridge", "model");
    assertThat(said.err().lines())
        .as("progress alone")
        .allMatch(line -> line.startsWith("training "));
    assertThat(json).content().contains("\"model\"");
  }
}
