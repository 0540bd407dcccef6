package dev.eddy.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/configuration.md knows every key that the reader knows. */
class ConfigurationPageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "kafka",
        "source",
        "source.time",
        "forecast",
        "training",
        "training.local-steps",
        "serving",
        "serving.batch",
        "serving.ordering",
        "models",
        "evaluation",
        "demo"
      })
  void everyKeyStandsOnThePage(String section) throws IOException {
    String page = Files.readString(Path.of("../docs/configuration.md"));
    String path = section.isEmpty() ? "xyzzy" : section + ".xyzzy";
    // The message about an unknown key lists all known ones.
    String message =
        catchThrowable(() -> ConfigLoader.parse("name: a", path + "=1"))
            .getMessage()
            .lines()
            .filter(line -> line.contains(path + ": unknown key"))
            .findFirst()
            .orElseThrow();
    List<String> keys = List.of(message.replaceFirst(".*Allowed: ", "").split(", "));
    assertThat(keys).isNotEmpty();
    String nested = section.contains(".") ? section.substring(section.indexOf('.') + 1) + "." : "";
    assertThat(keys)
        .allSatisfy(
            key -> assertThat(page).containsPattern("`" + nested + key + "(`|\\.[a-z-]+`|: )"));
  }
}
