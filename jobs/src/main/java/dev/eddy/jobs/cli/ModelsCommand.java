package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.registry.ModelRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What is in the models topic, and which version is live. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Lists a pipeline's models and chooses the live one.",
    subcommands = {ModelsCommand.ListModels.class, ModelsCommand.Promote.class},
    footer = {"", "Example:", "  eddy models list conf/load.yaml"})
final class ModelsCommand implements Runnable {
  @ParentCommand private Eddy eddy;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected one of list, promote");
  }

  /** All versions. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      description = "Lists a pipeline's versions, oldest first; the live one is marked.",
      footer = {"", "Example:", "  eddy models list conf/load.yaml --json"})
  static final class ListModels implements Runnable {
    @ParentCommand private ModelsCommand models;
    @Mixin private PipelineOptions pipeline;

    @Option(names = "--json", description = "Print them as JSON.")
    private boolean json;

    @Override
    public void run() {
      PipelineConfig config = pipeline.load(models.eddy);
      Preflight.reach(config, models.eddy.err());
      try (ModelRegistry registry = ModelRegistry.open(config.kafka())) {
        print(config.name(), registry.list(config.name()));
      }
    }

    private void print(String name, List<ModelRegistry.Entry> entries) {
      if (json) {
        Json.print(entries.stream().map(ListModels::object).toList(), models.eddy.out());
        return;
      }
      if (entries.isEmpty()) {
        models
            .eddy
            .err()
            .println(
                "eddy: no model of '%s' in %s; 'eddy train' makes one"
                    .formatted(name, PipelineConfig.MODELS_TOPIC));
      }
      for (ModelRegistry.Entry entry : entries) {
        models
            .eddy
            .out()
            .printf(
                Locale.ROOT,
                "%s version %d%s  %,d bytes  sha256 %s%n",
                name,
                entry.ref().version(),
                entry.live() ? "  live (swap epoch " + entry.ref().swapEpoch() + ")" : "",
                entry.ref().size(),
                entry.ref().sha256());
        entry
            .about()
            .forEach((key, value) -> models.eddy.out().println("    " + key + ": " + value));
      }
    }

    private static Map<String, Object> object(ModelRegistry.Entry entry) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("name", entry.ref().name());
      object.put("version", entry.ref().version());
      object.put("live", entry.live());
      object.put("swapEpoch", entry.ref().swapEpoch());
      object.put("sha256", entry.ref().sha256());
      object.put("bytes", entry.ref().size());
      object.put("about", entry.about());
      return object;
    }
  }

  /** Moves the pointer. */
  @Command(
      name = "promote",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      description =
          "Makes a version the live one; an older version is a rollback. Running jobs follow at once.",
      footer = {"", "Example:", "  eddy models promote conf/load.yaml 3"})
  static final class Promote implements Runnable {
    @ParentCommand private ModelsCommand models;
    @Mixin private PipelineOptions pipeline;

    @Parameters(index = "1", paramLabel = "VERSION", description = "A version that is listed.")
    private int version;

    @Override
    public void run() {
      PipelineConfig config = pipeline.load(models.eddy);
      Preflight.reach(config, models.eddy.err());
      try (ModelRegistry registry = ModelRegistry.open(config.kafka())) {
        List<Integer> versions = new ArrayList<>();
        registry.list(config.name()).forEach(entry -> versions.add(entry.ref().version()));
        if (!versions.contains(version)) {
          throw new ConfigException(
              "there is no version %d of '%s'%s"
                  .formatted(
                      version,
                      config.name(),
                      versions.isEmpty()
                          ? ", nor any other; 'eddy train' makes one"
                          : ", only " + versions));
        }
        ModelRef ref = registry.promote(config.name(), version);
        models
            .eddy
            .out()
            .println(
                "%s version %d is live (swap epoch %d)"
                    .formatted(config.name(), ref.version(), ref.swapEpoch()));
      }
    }
  }
}
