package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.forecast.ForecastJob;
import dev.eddy.jobs.registry.BadModelException;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.registry.ModelRegistry;
import dev.eddy.jobs.registry.RegistryException;
import dev.eddy.model.model.Model;
import dev.eddy.model.model.ModelFile;
import dev.eddy.model.model.ModelFileException;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What is in the models topic, and which version is live. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Shows a pipeline's models, publishes one by hand, chooses the live one.",
      "Exit code 0: done. 1: failed. 2: no such version, it does not fit, or bad usage."
    },
    subcommands = {
      ModelsList.class,
      ModelsShow.class,
      ModelsPublish.class,
      ModelsPromote.class,
      ModelsRollback.class,
      ModelsRetire.class
    },
    footer = {
      "",
      "Examples:",
      "  eddy models list conf/load.yaml",
      "  eddy models show conf/load.yaml 3",
      "  eddy models rollback conf/load.yaml"
    })
final class ModelsCommand implements Runnable {
  @ParentCommand private Eddy eddy;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected one of " + String.join(", ", spec.subcommands().keySet()));
  }

  PrintStream out() {
    return eddy.out();
  }

  PrintStream err() {
    return eddy.err();
  }

  /** The pipeline that a command is about, once its Kafka answers. */
  PipelineConfig load(PipelineOptions pipeline) {
    PipelineConfig config = pipeline.load(eddy);
    Preflight.reach(config, eddy.err());
    return config;
  }

  /** A version of the pipeline, or what there is instead. */
  static ModelRegistry.Entry entry(
      PipelineConfig config, List<ModelRegistry.Entry> entries, int version) {
    return entries.stream()
        .filter(entry -> entry.ref().version() == version)
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "there is no version %d of '%s'%s"
                        .formatted(
                            version,
                            config.name(),
                            entries.isEmpty()
                                ? ", nor any other; 'eddy train' makes one"
                                : ", only "
                                    + entries.stream().map(e -> e.ref().version()).toList())));
  }

  /** The file of a version, checked. */
  static byte[] fetch(ModelRegistry registry, ModelRef ref) {
    try {
      return registry.fetch(ref);
    } catch (BadModelException e) {
      throw new RegistryException(
          "version %d of '%s' cannot be read: %s"
              .formatted(ref.version(), ref.name(), e.getMessage()),
          e);
    }
  }

  /** The model in a version's file. */
  static Model model(ModelRef ref, byte[] file) {
    try {
      return ModelFile.read(file);
    } catch (ModelFileException e) {
      throw new RegistryException(
          "version %d of '%s' is no model that can be used: %s"
              .formatted(ref.version(), ref.name(), e.getMessage()),
          e);
    }
  }

  /** Refuses a model that the running jobs would refuse. */
  static void requireFit(PipelineConfig config, String what, Model model) {
    try {
      ForecastJob.requireFit(config, model);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(what + ": " + e.getMessage());
    }
  }

  /** Refuses a version that the running jobs would refuse. */
  static void requireFit(PipelineConfig config, ModelRegistry registry, ModelRef ref) {
    requireFit(config, "version " + ref.version(), model(ref, fetch(registry, ref)));
  }

  /** Says which version is live now. */
  void printLive(ModelRef ref) {
    out()
        .println(
            "%s version %d is live (swap epoch %d)"
                .formatted(ref.name(), ref.version(), ref.swapEpoch()));
  }
}
