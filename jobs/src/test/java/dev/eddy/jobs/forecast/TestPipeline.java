package dev.eddy.jobs.forecast;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.registry.ModelRegistry;
import dev.eddy.jobs.serve.TestModels;
import dev.eddy.model.model.Model;
import dev.eddy.model.model.ModelFile;
import java.util.List;
import java.util.Map;

/**
 * A small pipeline on a real broker, with untrained models: what is right is not whether forecasts
 * are good.
 */
final class TestPipeline {
  private TestPipeline() {}

  /** A pipeline over canonical JSON records. Checkpoints are taken when a test asks for one. */
  static PipelineConfig config(EmbeddedKafka kafka, String name, int parallelism) {
    PipelineConfig.Source source =
        new PipelineConfig.Source(
            name + ".events",
            List.of(),
            "json",
            "entity",
            List.of(),
            "value",
            new PipelineConfig.Time("time", "epoch-millis", "UTC"),
            "earliest",
            3_600_000,
            1 << 20);
    PipelineConfig.Serving serving =
        new PipelineConfig.Serving(
            "exactly-once",
            3_600_000,
            PipelineConfig.Swap.REWARM,
            16,
            5,
            0,
            30,
            parallelism,
            16,
            600_000);
    return new PipelineConfig(
        name,
        new PipelineConfig.Kafka(kafka.bootstrap(), Map.of()),
        source,
        TestModels.TASK,
        null,
        serving,
        new PipelineConfig.Models(null, List.of()),
        null,
        null);
  }

  /** The model that is published as a version of a pipeline. */
  static Model model(PipelineConfig config, int version) {
    Model model = TestModels.model(version);
    return new Model(config.name(), model.task(), model.network(), model.weights(), Map.of());
  }

  /**
   * Publishes the next version and makes it live. The second is so large that it goes in chunks.
   */
  static ModelRef publish(PipelineConfig config) {
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      registry.ensureTopic();
      int version = registry.nextVersion(config.name());
      Model model = model(config, version);
      Map<String, String> notes = Map.of("notes", "x".repeat(version == 2 ? 800_000 : 1));
      Model noted = new Model(model.name(), model.task(), model.network(), model.weights(), notes);
      return registry.publish(config.name(), ModelFile.write(noted), Map.of(), true);
    }
  }
}
