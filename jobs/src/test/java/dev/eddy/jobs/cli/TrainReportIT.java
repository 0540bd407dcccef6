package dev.eddy.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reports as the command line writes them, on a real broker and a mini cluster. */
@Timeout(120)
class TrainReportIT {
  private static final long HOUR = 3_600_000L;
  private static final int METERS = 6;
  private static final int HOURS = 24 * 30;
  private static EmbeddedKafka kafka;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start();
    kafka.createTopic("meters", 1, Map.of());
    kafka.createTopic("short", 1, Map.of());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < HOURS * METERS; i++) {
        send(producer, "meters", i % METERS, i / METERS);
      }
      send(producer, "short", 0, 0);
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, String topic, int meter, int hour) {
    double value =
        9
            + 3 * StrictMath.sin(2 * StrictMath.PI * (hour + meter) / 24)
            + 2 * StrictMath.sin(2 * StrictMath.PI * hour / 168.0);
    String json = "{\"meter\":\"m%d\",\"ts\":%d,\"kwh\":%s}".formatted(meter, hour * HOUR, value);
    producer.send(new ProducerRecord<>(topic, null, json.getBytes(StandardCharsets.UTF_8)));
  }

  private String config(String name, String topic) throws IOException {
    return Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            name: %s
            kafka: {bootstrap: '%s', properties: {client.rack: here, sasl.jaas.config: hunter2-hunter2}}
            source: {topic: %s, entity: meter, time: {field: ts}}
            target: kwh
            forecast: {horizon: 6, step: 1h, quantiles: [0.1, 0.5, 0.9], seasons: [24], skip: linear, lookback: 48, warmup: 48}
            network: [{lstm: {units: 8}}]
            training: {shards: 3, rounds: 4, local-steps: 12, batch: 8, chunk: 24, warmup: 48, validation: 20%%, gate: 20%%, learning-rate: 0.01}
            """
                .formatted(name, kafka.bootstrap(), topic))
        .toString();
  }

  private static JsonNode json(Path folder) throws IOException {
    return new ObjectMapper().readTree(folder.resolve("report.json").toFile());
  }

  @Test
  void trainWritesItAndTheTopicAloneGivesTheSame() throws Exception {
    String config = config("told", "meters");
    Path out = folder.resolve("made").resolve("here");
    Cli cli = Cli.run("train", config, "--report", out.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out().strip().lines().reduce((a, b) -> b))
        .as("last line")
        .hasValue("report: " + out.resolve("report.html"));
    JsonNode report = json(out);
    assertThat(report.at("/outcome").asText()).isEqualTo("published");
    assertThat(report.at("/pipeline").asText()).isEqualTo("told");
    assertThat(report.at("/model/version").asInt()).isEqualTo(1);
    assertThat(report.at("/gate/metrics/mase").asDouble()).isPositive();
    assertThat(report.at("/configuration/training.shards").asText()).isEqualTo("3");
    assertThat(report.at("/rounds/made").asInt()).isEqualTo(4);
    assertThat(report.at("/rounds/points")).as("the last only scores").hasSize(5);
    assertThat(report.at("/rounds/best/round").asInt())
        .isEqualTo(report.at("/model/bestRound").asInt());
    assertThat(report.at("/time/compute").asDouble()).isPositive();
    assertThat(report.at("/slots")).hasSize(2);
    assertThat(report.at("/places/1/kernels").asText()).isNotEmpty();
    assertThat(report.at("/shards")).hasSize(3);
    assertThat(report.at("/shards/2/samples").asLong()).isPositive();
    assertThat(report.at("/data")).isNotEmpty();
    assertThat(out.resolve("report.html")).content().contains("told").doesNotContain("hunter2");
    assertThat(out.resolve("report.json")).content().doesNotContain("hunter2");

    Path again = folder.resolve("again");
    Cli later = Cli.run("report", config, "--out", again.toString());
    assertThat(later.code()).as(later.err()).isZero();
    assertThat(later.out().strip()).isEqualTo("report: " + again.resolve("report.html"));
    JsonNode told = json(again);
    for (String same :
        new String[] {
          "/outcome",
          "/reason",
          "/model",
          "/gate",
          "/rounds",
          "/shards",
          "/data",
          "/configuration",
          "/started"
        }) {
      assertThat(told.at(same)).as(same).isEqualTo(report.at(same));
    }
    Cli unknown = Cli.run("report", config, "--out", again.toString(), "--run", "nobody");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("told.training", "no training run nobody");
  }

  @Test
  void aRunThatFailsLeavesOneToo() throws Exception {
    Path out = folder.resolve("failed");
    Cli cli = Cli.run("train", config("failing", "short"), "--report", out.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("eddy: report: " + out.resolve("report.html"));
    assertThat(json(out).at("/outcome").asText()).isEqualTo("failed");
    assertThat(json(out).at("/reason").asText()).contains("cannot be trained on");
  }

  @Test
  void whereNothingIsWantedOrPossible() throws Exception {
    String config = config("never", "meters");
    Cli both = Cli.run("train", config, "--report", "x", "--no-report");
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("--no-report");
    Path file = Files.writeString(folder.resolve("file"), "");
    Cli on = Cli.run("train", config, "--report", file.resolve("x").toString());
    assertThat(on.code()).isEqualTo(2);
    assertThat(on.err()).contains("cannot be made or written into");
    Cli none = Cli.run("report", config, "--out", folder.toString());
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("tells of no training run; 'eddy train' makes one");
  }
}
