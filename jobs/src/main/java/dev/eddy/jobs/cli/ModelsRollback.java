package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.registry.ModelRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Moves the pointer back. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Makes the version live that was so before the live one; again, the one before that.",
      "Running jobs follow at once. Exit code 2 if there is none to go back to."
    },
    footer = {"", "Example:", "  eddy models rollback conf/load.yaml"})
final class ModelsRollback implements Runnable {
  @ParentCommand private ModelsCommand models;
  @Mixin private PipelineOptions pipeline;

  @Override
  public void run() {
    PipelineConfig config = models.load(pipeline);
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      ModelRef before =
          registry
              .beforeLive(config.name())
              .orElseThrow(
                  () ->
                      new ConfigException(
                          "no version of '%s' was live before the one that is live, or is there still; 'eddy models list' shows which there are, 'promote' takes any"
                              .formatted(config.name())));
      ModelsCommand.requireFit(config, registry, before);
      registry
          .live(config.name())
          .model()
          .ifPresent(live -> models.out().println("version " + live.version() + " was live"));
      models.printLive(registry.rollback(config.name()));
    }
  }
}
