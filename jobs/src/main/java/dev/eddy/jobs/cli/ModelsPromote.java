package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.registry.ModelRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Moves the pointer. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Makes a version the live one, if it fits the pipeline. Running jobs follow at once.",
      "Exit code 0: live. 1: failed. 2: no such version, it does not fit, or bad usage."
    },
    footer = {"", "Example:", "  eddy models promote conf/load.yaml 3"})
final class ModelsPromote implements Runnable {
  @ParentCommand private ModelsCommand models;
  @Mixin private PipelineOptions pipeline;

  @Parameters(index = "1", paramLabel = "VERSION", description = "A version that is listed.")
  private int version;

  @Override
  public void run() {
    PipelineConfig config = models.load(pipeline);
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      ModelRef ref = ModelsCommand.entry(config, registry.list(config.name()), version).ref();
      ModelsCommand.requireFit(config, registry, ref);
      models.printLive(registry.promote(config.name(), version));
    }
  }
}
