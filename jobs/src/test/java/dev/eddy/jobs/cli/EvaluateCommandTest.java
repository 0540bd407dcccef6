package dev.eddy.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole evaluation on a few hundred made-up rows. */
class EvaluateCommandTest {
  private static final String CONFIG =
      """
      name: waves
      source: {format: csv, melt: [a, b], time: {field: t, format: epoch-seconds}}
      forecast: {horizon: 4, seasons: [8], lookback: 16, warmup: 8, scale-window: 64}
      network: [{lstm: {units: 4}}]
      training: {shards: 2, local-steps: 2, rounds: 2, batch: 4, chunk: 8, warmup: 16}
      evaluation: {train: 200, validation: 40, test: 40}
      """;

  @TempDir Path folder;
  private Path config;
  private Path data;

  @BeforeEach
  void aFile() throws IOException {
    config = Files.writeString(folder.resolve("p.yaml"), CONFIG);
    data = Files.writeString(folder.resolve("d.csv"), csv(300));
  }

  private static String csv(int rows) {
    StringBuilder text = new StringBuilder("t,a,b\n");
    for (int i = 0; i < rows; i++) {
      int saw = i % 8;
      text.append(
          String.format(Locale.ROOT, "%d,%d,%.1f%n", 3600L * i, 10 + saw + i % 3, 5 - 0.5 * saw));
    }
    return text.toString();
  }

  private Cli evaluate(String... more) {
    String[] args = new String[more.length + 4];
    args[0] = "evaluate";
    args[1] = config.toString();
    args[2] = "--data";
    args[3] = data.toString();
    System.arraycopy(more, 0, args, 4, more.length);
    return Cli.run(args);
  }

  @Test
  void aTableOnOutputAndJsonInAFile() throws IOException {
    Path json = folder.resolve("out.json");
    Cli cli = evaluate("--json", json.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("repeat-last", "naive-8", "ridge", "model");
    assertThat(cli.err()).contains("training", "2/2");
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.path("rows")).hasSize(4);
    assertThat(result.path("rows").get(3).path("test").path("mse").isNumber()).isTrue();
  }

  @Test
  void jsonOnOutputInsteadOfTheTable() throws IOException {
    Cli cli = evaluate("--json", "-", "-D", "training.rounds=1");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(new ObjectMapper().readTree(cli.out()).path("rounds").asInt()).isEqualTo(1);
  }

  @Test
  void aFileThatIsNotThere() {
    data = folder.resolve("none.csv");
    bad(evaluate(), "source.file: there is no file '" + data + "'");
  }

  @Test
  void badRowsAreLeftOutAndTheFirstIsNamed() throws IOException {
    Files.writeString(data, csv(300) + "0,1,2\n1080000,x,2\n");
    Cli cli = evaluate();
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err())
        .contains("eddy: warning: of 604 readings 1 are bad and 2 come after later ones")
        .contains(data + ", entity 'a' goes back in time, to 1970-01-01T00:00:00Z");
  }

  @Test
  void jsonLinesAreReadAsWell() throws IOException {
    Path wide = data;
    Cli fromCsv = evaluate("--json", "-");
    StringBuilder lines = new StringBuilder();
    for (String row : Files.readString(wide).split("\n")) {
      String[] found = row.split(",");
      if (!found[0].equals("t")) {
        String line = "{\"who\":\"%s\",\"t\":%s,\"x\":%s}\n";
        lines.append(line.formatted("a", found[0], found[1]));
        lines.append(line.formatted("b", found[0], found[2]));
      }
    }
    data = Files.writeString(folder.resolve("d.jsonl"), lines);
    Files.writeString(
        config, CONFIG.replace("format: csv, melt: [a, b]", "entity: who") + "target: x\n");
    Cli fromJson = evaluate("--json", "-");
    assertThat(fromJson.out()).isEqualTo(fromCsv.out()).isNotEmpty();
  }

  @Test
  void tooFewRows() throws IOException {
    Files.writeString(data, csv(100));
    Cli cli = evaluate();
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).startsWith("eddy: ").doesNotContain("Exception");
  }

  @Test
  void whatIsMissingIsSaidBeforeAnyWork() {
    bad(
        Cli.run("evaluate", config.toString()),
        "no data given; expected --data PATH or source.file");
    bad(
        evaluate("--json", folder.resolve("no/such/folder.json").toString()),
        "--json: "
            + folder.resolve("no/such/folder.json")
            + " cannot be written; name a file in a folder that is there");
    bad(evaluate("-D", "evaluation.test=2"), "evaluation.test must be at least 4 rows, got 2");
  }

  private static void bad(Cli cli, String message) {
    assertThat(cli.err()).isEqualToIgnoringNewLines("eddy: " + message);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
  }
}
