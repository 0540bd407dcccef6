package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.FileNames;
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

  /**
   * The configuration with other files as its source, where some are given; its paths mean the same
   * in every process.
   */
  PipelineConfig load(Eddy eddy, List<String> data) {
    PipelineConfig config = load(eddy);
    List<String> files = data.isEmpty() ? config.source().files() : data;
    return files.isEmpty()
        ? config
        : config.withSource(config.source().withFiles(FileNames.absolute(files)));
  }

  Path file() {
    return file;
  }
}
