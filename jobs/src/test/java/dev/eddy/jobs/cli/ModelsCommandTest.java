package dev.eddy.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.jobs.registry.ModelRecords;
import dev.eddy.jobs.registry.ModelRegistry;
import dev.eddy.model.model.Model;
import dev.eddy.model.model.ModelFile;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.ForecastNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code eddy models ...} on a real broker. */
class ModelsCommandTest {
  private static EmbeddedKafka broker;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    broker = EmbeddedKafka.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static Cli models(String line) {
    return Cli.run(("models " + line).split(" "));
  }

  private String pipeline(String name) throws IOException {
    String text =
        """
        name: %s
        kafka: {bootstrap: "%s"}
        forecast: {horizon: 2, step: 1h, seasons: [4], lookback: 4, warmup: 4}
        network: [{lstm: {units: 3}}]
        """
            .formatted(name, broker.bootstrap());
    return Files.writeString(folder.resolve(name + ".yaml"), text).toString();
  }

  private static Model model(String config, int seed, Map<String, String> provenance) {
    PipelineConfig pipeline = ConfigLoader.load(Path.of(config), List.of(), w -> {});
    Network network = ForecastNetwork.build(pipeline.forecast());
    return new Model(
        pipeline.name(), pipeline.forecast(), network, network.initialWeights(seed), provenance);
  }

  private String file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes).toString();
  }

  @Test
  void listsWhatIsThereAndNamesWhatIsNot() throws Exception {
    String config = pipeline("shown");
    assertThat(models("list " + config).err()).contains("no model of 'shown'");
    models("publish " + config + " " + file("a.eddy", ModelFile.write(model(config, 1, Map.of()))));
    models("publish " + config + " " + file("b.eddy", ModelFile.write(model(config, 2, Map.of()))));
    assertThat(models("promote " + config + " 2").code()).isZero();
    assertThat(models("list " + config).out())
        .contains("shown version 1  ", "shown version 2  live (swap epoch 1)");
    assertThat(models("list " + config + " --json").out()).contains("\"swapEpoch\" : 1");
    Cli missing = models("promote " + config + " 9");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("there is no version 9 of 'shown', only [1, 2]");
  }

  @Test
  void publishesShowsAndTakesBack() throws Exception {
    String config = pipeline("hand");
    byte[] first = ModelFile.write(model(config, 1, Map.of("training.seed", "1")));
    byte[] second = ModelFile.write(model(config, 2, Map.of("parent", ModelRecords.sha256(first))));
    Cli published = models("publish " + config + " " + file("1.eddy", first) + " --promote");
    assertThat(published.err()).isEmpty();
    assertThat(published.code()).isZero();
    assertThat(published.out().lines())
        .containsExactly("hand version 1: published", "hand version 1 is live (swap epoch 1)");
    assertThat(models("publish " + config + " " + file("2.eddy", second)).out().lines())
        .containsExactly("hand version 2: published");
    assertThat(models("promote " + config + " 2").out().lines())
        .containsExactly("hand version 2 is live (swap epoch 2)");

    Cli shown = models("show " + config + " 2 --out " + folder.resolve("copy.eddy"));
    assertThat(shown.code()).isZero();
    assertThat(shown.out())
        .contains("hand version 2  live (swap epoch 2)", " bytes in its manifest  sha256 ")
        .contains("    published: by hand")
        .contains("trained from version 1 (sha256 " + ModelRecords.sha256(first) + ")")
        .contains("task: 2 steps of 3600000 ms ahead, quantiles [0.05, 0.5, 0.95], seasons [4]")
        .contains("network: ")
        .containsPattern("lstm0 +[0-9]+");
    assertThat(folder.resolve("copy.eddy")).hasBinaryContent(second);

    JsonNode json = new ObjectMapper().readTree(models("show " + config + " 2 --json").out());
    assertThat(json.path("lineage").get(0).path("version").asInt()).isEqualTo(1);
    assertThat(json.path("about").path("published").asText()).isEqualTo("by hand");
    int weights = 0;
    for (JsonNode layer : json.path("network").path("layers")) {
      weights += layer.asInt();
    }
    assertThat(json.path("network").path("weights").asInt()).isEqualTo(weights).isPositive();

    assertThat(models("rollback " + config).out().lines())
        .containsExactly("version 2 was live", "hand version 1 is live (swap epoch 3)");
    Cli none = models("rollback " + config);
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("no version of 'hand' was live before");
    assertThat(models("retire " + config + " 2").out().lines())
        .containsExactly("hand version 2 is retired");
    assertThat(models("list " + config).out())
        .contains("hand version 1  live (swap epoch 3)")
        .doesNotContain("version 2");
    assertThat(models("publish " + config + " " + file("2.eddy", second)).out())
        .isEqualToIgnoringNewLines("hand version 3: published");
  }

  @Test
  void whatCannotBeDoneIsExitTwoAndSaysWhy() throws Exception {
    String config = pipeline("strict");
    String other = pipeline("other");
    String fits = file("fits.eddy", ModelFile.write(model(config, 1, Map.of())));
    assertThat(models("show " + config + " 1").err()).contains("nor any other");
    assertThat(models("publish " + config + " " + fits + " --promote").code()).isZero();
    refused("show " + config + " 7", "there is no version 7 of 'strict', only [1]");
    refused("promote " + config + " 7", "there is no version 7 of 'strict', only [1]");
    refused("retire " + config + " 7", "there is no version 7 of 'strict', only [1]");
    refused("retire " + config + " 1", "is live; promote another");
    refused("rollback " + config, "no version of 'strict' was live before");
    refused("publish " + config + " " + folder.resolve("none"), "there is no such file");
    refused("publish " + config + " " + config, "strict.yaml: ");
    refused("publish " + other + " " + fits, "name should be other, is strict");
    refused("promote -D forecast.horizon=3 " + config + " 1", "horizon should be 3, is 2");
    refused("show " + config + " 1 --out " + fits, "exists; name another file");
  }

  private static void refused(String line, String reason) {
    Cli cli = models(line);
    assertThat(cli.err()).startsWith("eddy: ").contains(reason).doesNotContain("Exception");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void aRollbackToAModelThatDoesNotFitIsRefused() throws Exception {
    String config = pipeline("changed");
    String fits = file("fits.eddy", ModelFile.write(model(config, 1, Map.of())));
    models("publish " + config + " " + fits + " --promote");
    models("publish " + config + " " + fits + " --promote");
    refused("rollback -D forecast.step=1s " + config, "step (ms) should be 1000, is 3600000");
    assertThat(models("rollback " + config).code()).isZero();
  }

  @Test
  void aVersionThatCannotBeReadIsExitOne() throws Exception {
    String config = pipeline("damaged");
    byte[] file = ModelFile.write(model(config, 1, Map.of("notes", "x".repeat(800_000))));
    try (ModelRegistry registry =
        ModelRegistry.open(ConfigLoader.load(Path.of(config), List.of(), w -> {}))) {
      registry.ensureTopic();
      file[file.length - 1] ^= 1; // the file's own checksum does not fit
      registry.publish("damaged", file, Map.of(), false);
    }
    Cli cli = models("promote " + config + " 1");
    assertThat(cli.err()).startsWith("eddy: ").contains("version 1").doesNotContain("Exception");
    assertThat(cli.code()).isEqualTo(1);
  }
}
