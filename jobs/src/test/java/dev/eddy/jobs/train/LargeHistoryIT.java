package dev.eddy.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedFlink;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.jobs.registry.ModelRegistry;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A history that no memory holds, trained on by the whole job: in a process whose heap is smaller
 * than what the readings would take, by Flink and all.
 */
@Timeout(180)
class LargeHistoryIT {
  private static final int METERS = 100;
  private static final int HOURS = 25_000;
  private static final long MEMORY = 4 << 20;
  private static final int HEAP_MEGABYTES = 72;

  @TempDir private Path folder;

  @Test
  void aHistoryLargerThanTheHeapIsTrainedOnWithinTheBudget() throws Exception {
    long readings = (long) METERS * HOURS;
    assertThat(16 * readings).as("times and values").isGreaterThan(5 * MEMORY);
    assertThat(32 * readings).as("with their scale").isGreaterThan((long) HEAP_MEGABYTES << 20);
    Path history = write();
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx" + HEAP_MEGABYTES + "m",
                  "--add-opens=java.base/java.util=ALL-UNNAMED",
                  "--add-opens=java.base/java.lang=ALL-UNNAMED",
                  "-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")),
                  "-cp",
                  System.getProperty("java.class.path"),
                  LargeHistoryIT.class.getName(),
                  kafka.bootstrap(),
                  history.toString())
              .redirectErrorStream(true)
              .start();
      String output;
      try {
        output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor()).as(output).isZero();
      assertThat(output).contains("published version 1");
      assertThat(number(output, "most historyBytes"))
          .as("index, readings and caches of a slot")
          .isBetween(MEMORY / 2, MEMORY);
      assertThat(number(output, "most historyDiskBytes")).isGreaterThan(32 * readings);
      assertThat(number(output, "files left")).isZero();
      try (ModelRegistry registry = ModelRegistry.open(config(kafka.bootstrap(), "").kafka())) {
        assertThat(registry.list("large")).hasSize(1);
      }
    }
  }

  private static long number(String output, String what) {
    return output
        .lines()
        .filter(line -> line.startsWith(what + ": "))
        .mapToLong(line -> Long.parseLong(line.substring(what.length() + 2)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no '" + what + "' in " + output));
  }

  /** A column a meter. */
  private Path write() throws IOException {
    Path file = folder.resolve("history.csv");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("ts," + meters() + "\n");
      for (int hour = 0; hour < HOURS; hour++) {
        StringBuilder line = new StringBuilder().append(hour * 3_600_000L);
        for (int meter = 0; meter < METERS; meter++) {
          double day = StrictMath.sin(2 * StrictMath.PI * (hour + meter) / 24);
          double week = StrictMath.sin(2 * StrictMath.PI * hour / (24 * 7.0));
          line.append(',').append(Math.round(100 * (9 + 3 * day + 2 * week)) / 100.0);
        }
        out.append(line).append('\n');
      }
    }
    return file;
  }

  private static String meters() {
    return IntStream.range(0, METERS).mapToObj(i -> "m" + i).collect(Collectors.joining(","));
  }

  private static PipelineConfig config(String bootstrap, String file) {
    String yaml =
        """
        name: large
        kafka: {bootstrap: '%s'}
        source: {file: '%s', melt: [%s], time: {field: ts}}
        forecast: {horizon: 6, step: 1h, quantiles: [0.1, 0.5, 0.9], seasons: [24], skip: linear, lookback: 48, warmup: 48}
        network: [{lstm: {units: 8}}]
        training: {shards: 4, parallelism: 2, rounds: 3, local-steps: 30, batch: 16, chunk: 24, warmup: 48, validation: 1%%, gate: 1%%, learning-rate: 0.02, memory: %d}
        """
            .formatted(bootstrap, file, meters(), MEMORY);
    return ConfigLoader.parse(yaml);
  }

  /** The small process: trains and says what it saw. Arguments: bootstrap, file. */
  public static void main(String[] args) throws Exception {
    Map<String, String> settings =
        Map.of(
            "metrics.reporter.most.factory.class",
            MostReporter.Factory.class.getName(),
            "metrics.reporter.most.interval",
            "50 ms");
    try (EmbeddedFlink flink = EmbeddedFlink.start(new EmbeddedFlink.Options(1, 2, 0, settings))) {
      TrainResult result =
          TrainJob.run(
              config(args[0], args[1]),
              TrainOptions.NONE,
              flink.environment(),
              ProgressListener.NONE);
      System.out.println(result.reason());
      System.out.println(
          (result.published() ? "published version " : "refused version ") + result.version());
      for (String name : List.of("historyBytes", "historyDiskBytes")) {
        System.out.println("most " + name + ": " + MostReporter.most(name));
      }
      try (var files = Files.walk(flink.directory().resolve("tmp"))) {
        System.out.println(
            "files left: "
                + files.filter(file -> file.getFileName().toString().contains("history")).count());
      }
    }
  }
}
