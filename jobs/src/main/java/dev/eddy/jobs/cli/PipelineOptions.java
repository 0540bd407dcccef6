package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which pipeline a command is about. */
final class PipelineOptions {
  @Parameters(index = "0", paramLabel = "CONFIG", description = "The pipeline's YAML file.")
  private Path file;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Override a key, for example -D training.shards=8. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  /** The configuration; its warnings go to standard error. */
  PipelineConfig load(Eddy eddy) {
    PipelineConfig config =
        ConfigLoader.load(
            file, overrides, warning -> eddy.err().println("eddy: warning: " + warning));
    eddy.guard(config);
    return config;
  }

  Path file() {
    return file;
  }
}
