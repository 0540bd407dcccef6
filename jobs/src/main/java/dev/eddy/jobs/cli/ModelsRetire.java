package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.registry.Location;
import dev.eddy.jobs.registry.ModelRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Deletes what nobody will go back to. */
@Command(
    name = "retire",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Deletes a version that is not live from the models topic. Its number is not given again.",
      "A file in models.store is left there.",
      "Exit code 0: gone. 1: failed. 2: no such version, it is live, or bad usage."
    },
    footer = {"", "Example:", "  eddy models retire conf/load.yaml 1"})
final class ModelsRetire implements Runnable {
  @ParentCommand private ModelsCommand models;
  @Mixin private PipelineOptions pipeline;

  @Parameters(index = "1", paramLabel = "VERSION", description = "A version that is listed.")
  private int version;

  @Override
  public void run() {
    PipelineConfig config = models.load(pipeline);
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      ModelRegistry.Entry entry =
          ModelsCommand.entry(config, registry.list(config.name()), version);
      registry.retire(config.name(), version);
      models.out().println("%s version %d is retired".formatted(config.name(), version));
      if (entry.location() instanceof Location.File file) {
        models.err().println("eddy: its file is left at " + file.uri());
      }
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }
}
