package dev.eddy.model.task.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.model.Model;
import dev.eddy.model.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Models written long ago are read by today's code, and say what they said then, to the bit. */
class GoldenModelsTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/v1");

  @TestFactory
  Stream<DynamicTest> formatVersion1() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      Path[] models =
          files.filter(file -> file.toString().endsWith(".model")).sorted().toArray(Path[]::new);
      assertThat(models).hasSizeGreaterThanOrEqualTo(3);
      return Stream.of(models)
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> agrees(file)));
    }
  }

  private static void agrees(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Model model = ModelFile.read(bytes);
    Path forecasts = Path.of(file.toString().replace(".model", ".forecasts"));
    assertThat(GoldenModels.forecasts(model)).isEqualTo(Files.readString(forecasts));
    assertThat(ModelFile.write(model)).as("written again").isEqualTo(bytes);
  }
}
