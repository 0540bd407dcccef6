package dev.eddy.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows works, and what it links to is there. */
class ReadmeTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", ".")).resolve("..").normalize();

  @Test
  void itsPipelineIsValid() throws Exception {
    Matcher block = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(readme());
    assertThat(block.find()).isTrue();
    PipelineConfig config = ConfigLoader.parse(block.group(1));
    assertThat(config.name()).isEqualTo("load");
    assertThat(config.forecast().horizon()).isEqualTo(24);
  }

  @Test
  void itsLinksLeadSomewhere() throws IOException {
    Stream<String> links =
        Pattern.compile("\\]\\(([^):#]+)\\)").matcher(readme()).results().map(hit -> hit.group(1));
    assertThat(links.map(ROOT::resolve)).isNotEmpty().allSatisfy(link -> assertThat(link).exists());
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }
}
