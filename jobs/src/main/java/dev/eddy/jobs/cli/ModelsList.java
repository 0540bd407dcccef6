package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.registry.ModelRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** All versions. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Lists a pipeline's versions, oldest first; the live one is marked.",
      "Exit code 0: done. 1: failed. 2: bad usage."
    },
    footer = {"", "Example:", "  eddy models list conf/load.yaml --json"})
final class ModelsList implements Runnable {
  @ParentCommand private ModelsCommand models;
  @Mixin private PipelineOptions pipeline;

  @Option(names = "--json", description = "Print them as JSON.")
  private boolean json;

  @Override
  public void run() {
    PipelineConfig config = models.load(pipeline);
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      print(config.name(), registry.list(config.name()));
    }
  }

  private void print(String name, List<ModelRegistry.Entry> entries) {
    if (json) {
      Json.print(entries.stream().map(ModelsList::object).toList(), models.out());
      return;
    }
    if (entries.isEmpty()) {
      models
          .err()
          .println(
              "eddy: no model of '%s' in %s; 'eddy train' makes one"
                  .formatted(name, PipelineConfig.MODELS_TOPIC));
    }
    for (ModelRegistry.Entry entry : entries) {
      models.out().println(line(entry));
      entry.about().forEach((key, value) -> models.out().println("    " + key + ": " + value));
    }
  }

  /** What a version is, in a line for people. */
  static String line(ModelRegistry.Entry entry) {
    return String.format(
        Locale.ROOT,
        "%s version %d%s  %,d bytes %s  sha256 %s",
        entry.ref().name(),
        entry.ref().version(),
        entry.live() ? "  live (swap epoch " + entry.ref().swapEpoch() + ")" : "",
        entry.ref().size(),
        entry.location(),
        entry.ref().sha256());
  }

  /** What a version is, for machines. */
  static Map<String, Object> object(ModelRegistry.Entry entry) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", entry.ref().name());
    object.put("version", entry.ref().version());
    object.put("live", entry.live());
    object.put("swapEpoch", entry.ref().swapEpoch());
    object.put("sha256", entry.ref().sha256());
    object.put("bytes", entry.ref().size());
    object.put("stored", entry.location().toString());
    object.put("about", entry.about());
    return object;
  }
}
