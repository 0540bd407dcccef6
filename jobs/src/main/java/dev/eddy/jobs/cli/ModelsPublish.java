package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.registry.ModelRegistry;
import dev.eddy.model.model.Model;
import dev.eddy.model.model.ModelFile;
import dev.eddy.model.model.ModelFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** A model that no training job of this pipeline published. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Publishes a model file as the pipeline's next version, if its name and task are the"
          + " pipeline's.",
      "No gate looks at it; its manifest says that it was published by hand.",
      "Exit code 0: published. 1: failed. 2: the file does not fit, or bad usage."
    },
    footer = {"", "Example:", "  eddy models publish conf/load.yaml load-3.eddy --promote"})
final class ModelsPublish implements Runnable {
  @ParentCommand private ModelsCommand models;
  @Mixin private PipelineOptions pipeline;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "A model file, as 'eddy models show --out' writes it.")
  private Path file;

  @Option(names = "--promote", description = "Make it the live version at once.")
  private boolean promote;

  @Override
  public void run() {
    PipelineConfig config = models.load(pipeline);
    byte[] bytes = read(ModelRegistry.largest(config.models()));
    Model model = decode(bytes);
    ModelsCommand.requireFit(config, file.toString(), model);
    Map<String, String> about = new LinkedHashMap<>(model.provenance());
    about.put("published", "by hand");
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      registry.ensureTopic();
      ModelRef ref = registry.publish(config.name(), bytes, about, promote);
      models.out().println("%s version %d: published".formatted(ref.name(), ref.version()));
      if (promote) {
        models.printLive(ref);
      }
    } catch (IllegalArgumentException e) {
      throw new ConfigException(file + ": " + e.getMessage());
    }
  }

  private Model decode(byte[] bytes) {
    try {
      return ModelFile.read(bytes);
    } catch (ModelFileException e) {
      throw new ConfigException(file + ": " + e.getMessage());
    }
  }

  private byte[] read(int largest) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(largest);
      if (in.read() >= 0) {
        throw new ConfigException(
            "%s: more than %d bytes cannot be published with these settings (models.store)"
                .formatted(file, largest));
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": there is no such file");
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + e);
    }
  }
}
