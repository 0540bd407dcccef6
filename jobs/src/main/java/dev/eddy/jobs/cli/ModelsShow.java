package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.registry.ModelRegistry;
import dev.eddy.model.layer.Param;
import dev.eddy.model.model.Model;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** One version, with its network and where it comes from. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Shows a version: what its manifest says (data, seed, metrics), the versions it was trained"
          + " from, its task and network.",
      "Reads and checks the whole model file.",
      "Exit code 0: done. 1: the file is damaged. 2: no such version, or bad usage."
    },
    footer = {
      "",
      "Examples:",
      "  eddy models show conf/load.yaml 3 --json",
      "  eddy models show conf/load.yaml 3 --out load-3.eddy"
    })
final class ModelsShow implements Runnable {
  @ParentCommand private ModelsCommand models;
  @Mixin private PipelineOptions pipeline;

  @Parameters(index = "1", paramLabel = "VERSION", description = "A version that is listed.")
  private int version;

  @Option(names = "--json", description = "Print it as JSON.")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the model file there too; it must not exist.")
  private Path out;

  /**
   * A version that a model was trained from.
   *
   * @param version its number; 0 if it is no longer in the topic
   * @param sha256 hex of its file
   */
  record Ancestor(int version, String sha256) {
    @Override
    public String toString() {
      return (version == 0 ? "a version that is gone" : "version " + version)
          + " (sha256 "
          + sha256
          + ")";
    }
  }

  @Override
  public void run() {
    PipelineConfig config = models.load(pipeline);
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      List<ModelRegistry.Entry> entries = registry.list(config.name());
      ModelRegistry.Entry entry = ModelsCommand.entry(config, entries, version);
      byte[] file = ModelsCommand.fetch(registry, entry.ref());
      Model model = ModelsCommand.model(entry.ref(), file);
      if (out != null) {
        write(file);
      }
      if (json) {
        Json.print(object(entry, lineage(entry, entries), model), models.out());
      } else {
        print(entry, lineage(entry, entries), model);
      }
    }
  }

  private void write(byte[] file) {
    try {
      Files.write(out, file, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new ConfigException("--out: %s exists; name another file".formatted(out));
    } catch (IOException e) {
      throw new ConfigException("--out: %s cannot be written: %s".formatted(out, e));
    }
    models.err().println("eddy: wrote " + out);
  }

  /** From the parent on, as far as versions are there. */
  static List<Ancestor> lineage(ModelRegistry.Entry entry, List<ModelRegistry.Entry> entries) {
    List<Ancestor> lineage = new ArrayList<>();
    String parent = entry.about().get("parent");
    // A manifest may say anything: a circle ends.
    while (parent != null && lineage.size() < entries.size()) {
      String hash = parent;
      ModelRegistry.Entry found =
          entries.stream().filter(e -> e.ref().sha256().equals(hash)).findFirst().orElse(null);
      lineage.add(new Ancestor(found == null ? 0 : found.ref().version(), hash));
      parent = found == null ? null : found.about().get("parent");
    }
    return lineage;
  }

  /** Weights by layer, in memory order. */
  static Map<String, Integer> layers(Network network) {
    Map<String, Integer> layers = new LinkedHashMap<>();
    for (Param param : network.params()) {
      int end = param.name().lastIndexOf('.');
      layers.merge(
          end < 0 ? param.name() : param.name().substring(0, end), param.size(), Integer::sum);
    }
    return layers;
  }

  private void print(ModelRegistry.Entry entry, List<Ancestor> lineage, Model model) {
    line("%s", ModelsList.line(entry));
    entry.about().forEach((key, value) -> line("    %s: %s", key, value));
    lineage.forEach(ancestor -> line("  trained from %s", ancestor));
    ForecastSpec task = model.task();
    line(
        "  task: %d steps of %d ms ahead, quantiles %s, seasons %s",
        task.horizon(),
        task.stepMillis(),
        Arrays.toString(task.quantiles()),
        Arrays.toString(task.seasons()));
    Network network = model.network();
    line(
        "  network: %,d weights (%,d bytes), %,d floats of state for an entity",
        network.weightCount(), (long) network.weightCount() * Float.BYTES, network.stateSize());
    layers(network).forEach((path, weights) -> line("    %-40s %,12d", path, weights));
  }

  private void line(String format, Object... arguments) {
    models.out().println(String.format(Locale.ROOT, format, arguments));
  }

  private static Map<String, Object> object(
      ModelRegistry.Entry entry, List<Ancestor> lineage, Model model) {
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("horizon", model.task().horizon());
    task.put("stepMillis", model.task().stepMillis());
    task.put("quantiles", model.task().quantiles());
    task.put("seasons", model.task().seasons());
    Map<String, Object> network = new LinkedHashMap<>();
    network.put("weights", model.network().weightCount());
    network.put("bytes", (long) model.network().weightCount() * Float.BYTES);
    network.put("state", model.network().stateSize());
    network.put("layers", layers(model.network()));
    Map<String, Object> object = ModelsList.object(entry);
    object.put("lineage", lineage);
    object.put("task", task);
    object.put("network", network);
    return object;
  }
}
