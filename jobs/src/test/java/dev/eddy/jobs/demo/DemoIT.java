package dev.eddy.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.embedded.PortInUseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole demo, small: a real broker, a real cluster, training, serving, a swap, and the
 * accounts.
 */
class DemoIT {
  private static final String PIPELINE =
      """
      name: tiny
      source: {format: json, entity: meter, time: {field: ts}}
      target: kwh
      forecast: {horizon: 6, seasons: [24], skip: linear, lookback: 24, warmup: 24, scale-window: 100}
      network:
        - lstm: {units: 4}
      training: {shards: 2, parallelism: 2, local-steps: 4, rounds: 3, batch: 8, chunk: 12, warmup: 24, margin: -90%}
      serving: {checkpoint: 300ms, ring: 48, parallelism: 2}
      demo: {history: 504, entities: 12, rate: 300}
      """;

  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(DemoOptions options) throws Exception {
    return Demo.run(
        options,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private DemoOptions options(Integer port) throws IOException {
    return new DemoOptions(
        Files.writeString(directory.resolve("tiny.yaml"), PIPELINE),
        null,
        12,
        true,
        directory.resolve("summary.json"),
        null,
        null,
        port,
        3L,
        directory.resolve("plot.png"));
  }

  @Test
  void aStreamIsForecastThroughASwapAndNothingIsLost() throws Exception {
    int exit = run(options(null));

    String said = err.toString(StandardCharsets.UTF_8);
    assertThat(exit).as(said).isZero();
    JsonNode json = new ObjectMapper().readTree(directory.resolve("summary.json").toFile());
    assertThat(json.path("ok").asBoolean()).isTrue();
    assertThat(json.path("lost").asLong(-1)).isZero();
    assertThat(json.path("duplicated").asLong(-1)).isZero();
    assertThat(json.path("unknown").asLong(-1)).isZero();
    assertThat(json.path("versions").size()).as(said).isGreaterThanOrEqualTo(2);
    assertThat(json.path("forecasts").asLong()).isPositive();
    assertThat(json.path("eventsIn").asLong())
        .isEqualTo(
            json.path("predictions").asLong()
                + json.path("late").asLong()
                + json.path("deadLetters").asLong());
    assertThat(json.path("live").path("model").path("mase").asDouble()).isPositive();
    // Two accounts of the same thing: the demo's from outside, the job's own. They round
    // differently.
    assertThat(json.path("scoresTopic").path("targets").asLong())
        .isEqualTo(json.path("live").path("targets").asLong());
    assertThat(
            json.path("scoresTopic").path("mae").asDouble()
                / json.path("live").path("model").path("mae").asDouble())
        .isBetween(0.9999, 1.0001);
    assertThat(directory.resolve("plot.png")).isNotEmptyFile();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("MASE");
  }

  @Test
  void aBusyPortThatWasAskedForIsRefused() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      DemoOptions options = options(taken.getLocalPort());
      assertThatThrownBy(() -> run(options))
          .isInstanceOf(PortInUseException.class)
          .hasMessageContaining(Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void dataWithoutAPipelineIsRefused() {
    DemoOptions options =
        new DemoOptions(
            null, directory.resolve("x.csv"), 1, true, null, null, null, null, null, null);
    assertThatThrownBy(() -> run(options))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--data needs --config");
  }
}
