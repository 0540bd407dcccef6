package dev.eddy.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pipelines that come with Eddy are good as they stand. */
class ConfFilesTest {

  @ParameterizedTest
  @ValueSource(strings = {"demo", "etth1", "load"})
  void loadsWithoutAWarning(String name) {
    List<String> warnings = new ArrayList<>();
    PipelineConfig config =
        ConfigLoader.load(Path.of("../conf", name + ".yaml"), List.of(), warnings::add);
    assertThat(config.name()).isEqualTo(name);
    assertThat(warnings).isEmpty();
  }
}
