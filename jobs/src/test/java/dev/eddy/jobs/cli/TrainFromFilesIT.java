package dev.eddy.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.jobs.io.TestParquet;
import dev.eddy.jobs.registry.ModelRegistry;
import dev.eddy.model.model.Model;
import dev.eddy.model.model.ModelFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code eddy train} on the same readings, wherever they lie. */
@Timeout(120)
class TrainFromFilesIT {
  private static final long HOUR = 3_600_000L;
  private static final int METERS = 3;
  private static final int HOURS = 300;

  @TempDir static Path folder;
  private static EmbeddedKafka kafka;

  /** A reading; an hour or so of each meter is missing, and one comes late. */
  private record Reading(String meter, long time, Double value) {
    String text() {
      return value == null ? "" : value.toString();
    }

    String json() {
      return "{\"meter\":\"%s\",\"ts\":%d,\"kwh\":%s}".formatted(meter, time, value);
    }
  }

  private static final List<Reading> READINGS = new ArrayList<>();

  @BeforeAll
  static void aTopic() {
    Random noise = new Random(5);
    for (int hour = 0; hour < HOURS; hour++) {
      for (int meter = 0; meter < METERS; meter++) {
        double day = StrictMath.sin(2 * StrictMath.PI * (hour + meter) / 24);
        double value = 5 + meter + day + 2 * noise.nextDouble();
        boolean missing = hour % 97 == meter;
        READINGS.add(new Reading("m" + meter, hour * HOUR, missing ? null : value));
      }
      if (hour == 100) {
        READINGS.add(new Reading("m1", (hour - 5) * HOUR, 1e9));
      }
    }
    kafka = EmbeddedKafka.start();
    kafka.createTopic("meters", 2, Map.of());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (Reading reading : READINGS) {
        producer.send(
            new ProducerRecord<>(
                "meters",
                reading.meter().equals("m1") ? 1 : 0,
                null,
                reading.json().getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  private static String config(String name, String source) throws IOException {
    String yaml =
        """
        name: %s
        kafka: {bootstrap: '%s'}
        source: %s
        forecast: {horizon: 3, step: 1h, quantiles: [0.5], seasons: [24], skip: season, lookback: 24, warmup: 24}
        network: [{lstm: {units: 4}}]
        training: {shards: 2, rounds: 1, local-steps: 2, batch: 4, chunk: 12, warmup: 24, validation: 20%%, gate: 20%%, margin: -100%%}
        """
            .formatted(name, kafka.bootstrap(), source);
    return Files.writeString(folder.resolve(name + ".yaml"), yaml).toString();
  }

  private static Model trained(String name, String source, String... more) throws Exception {
    List<String> args = new ArrayList<>(List.of("train", config(name, source)));
    args.addAll(List.of(more));
    Cli cli = Cli.run(args.toArray(new String[0]));
    assertThat(cli.code()).as(cli.err()).isZero();
    PipelineConfig.Kafka at = new PipelineConfig.Kafka(kafka.bootstrap(), Map.of());
    try (ModelRegistry registry = ModelRegistry.open(at)) {
      return ModelFile.read(registry.fetch(registry.live(name).model().orElseThrow()));
    }
  }

  private static Path gzip(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  @Test
  void theSameReadingsGiveTheSameModelWhereverTheyLie() throws Exception {
    String fields = "entity: meter, time: {field: ts}";
    String target = "\ntarget: kwh";
    StringBuilder csv = new StringBuilder("ts,kwh,meter\n");
    StringBuilder json = new StringBuilder();
    for (Reading reading : READINGS) {
      csv.append("%d,%s,%s\n".formatted(reading.time(), reading.text(), reading.meter()));
      json.append(reading.json()).append('\n');
    }
    Path lines = gzip("readings.jsonl.gz", json.toString());
    Path table = gzip("readings.csv.gz", csv.toString());

    Path parquet =
        TestParquet.write(
            folder.resolve("readings.parquet"),
            TestParquet.Column.of(
                "meter", Type.BYTE_ARRAY, READINGS.stream().map(Reading::meter).toList()),
            TestParquet.Column.of("ts", Type.INT64, READINGS.stream().map(Reading::time).toList()),
            TestParquet.Column.of(
                "kwh", Type.DOUBLE, READINGS.stream().map(Reading::value).toList()));

    Model topic = trained("topic", "{topic: meters, %s}%s".formatted(fields, target));
    Model fromCsv = trained("csv", "{file: '%s', %s}%s".formatted(table, fields, target));
    Model fromJson =
        trained("json", "{%s}%s".formatted(fields, target), "--data", lines.toString());
    Model fromParquet =
        trained("parquet", "{%s}%s".formatted(fields, target), "--data", parquet.toString());

    assertThat(topic.provenance()).containsEntry("data.entities", "3").containsKey("data.sha256");
    for (Model model : List.of(fromCsv, fromJson, fromParquet)) {
      assertThat(model.provenance().get("data.sha256"))
          .isEqualTo(topic.provenance().get("data.sha256"));
      assertThat(model.weights()).containsExactly(topic.weights());
    }
  }

  @Test
  void columnsAreMeltedAndMissingOnesNamed() throws Exception {
    StringBuilder wide = new StringBuilder("ts,m0,m1,m2\n");
    for (int hour = 0; hour < HOURS; hour++) {
      int i = hour * METERS + (hour > 100 ? 1 : 0);
      wide.append(
          "%d,%s,%s,%s\n"
              .formatted(
                  hour * HOUR,
                  READINGS.get(i).text(),
                  READINGS.get(i + 1).text(),
                  READINGS.get(i + 2).text()));
    }
    Path file = Files.writeString(folder.resolve("wide.csv"), wide);
    String source = "{melt: [m0, m1, m2], time: {field: %s}}";
    Model melted = trained("melted", source.formatted("ts"), "--data", file.toString());
    assertThat(melted.provenance()).containsEntry("data.entities", "3");

    Cli cli =
        Cli.run("train", config("nameless", source.formatted("date")), "--data", file.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err())
        .contains(file + ": there is no column 'date', only 'ts', 'm0', 'm1', 'm2'")
        .doesNotContain("\tat ");
    cli = Cli.run("train", config("absent", source.formatted("ts")), "--data", file + "x");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("there is no file '" + file + "x'");
  }
}
