package dev.eddy.jobs.registry;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.config.PipelineConfig.Kafka;
import dev.eddy.jobs.config.PipelineConfig.Models;
import dev.eddy.model.model.Model;
import dev.eddy.model.model.ModelFile;
import dev.eddy.model.model.ModelFileException;
import java.io.IOException;
import java.io.Serializable;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Gives models by reference: fetched by the models topic's manifests and decoded once per
 * TaskManager, however many subtasks ask. What nobody uses any more is given up when memory is
 * short. Travels with a job; thread-safe.
 */
public final class ModelStore implements Serializable {
  private static final long serialVersionUID = 1L;

  /** By hash: the same bytes are the same model, whatever their version. Guarded by itself. */
  private static final Map<String, SoftReference<Model>> DECODED = new HashMap<>();

  private final Kafka kafka;
  private final Models models;

  /** The models of a pipeline. */
  public ModelStore(PipelineConfig config) {
    this.kafka = config.kafka();
    this.models = config.models();
  }

  /**
   * The model behind a reference.
   *
   * @throws IOException if it cannot be fetched now
   * @throws BadModelException if what is there is not what the reference says, or is no model
   */
  public Model load(ModelRef ref) throws IOException, BadModelException {
    // One at a time: subtasks that start together all want the same model, and one fetch serves
    // them.
    synchronized (DECODED) {
      SoftReference<Model> known = DECODED.get(ref.sha256());
      Model model = known == null ? null : known.get();
      if (model == null) {
        model = decode(ref, fetch(ref));
        DECODED.values().removeIf(reference -> reference.get() == null);
        DECODED.put(ref.sha256(), new SoftReference<>(model));
      }
      return model;
    }
  }

  /**
   * A version of a pipeline, whose swap epoch is 0; empty if it was never published or is retired.
   *
   * @throws IOException if it cannot be looked up now
   */
  public Optional<ModelRef> find(String name, int version) throws IOException {
    try (ModelRegistry registry = ModelRegistry.open(kafka, models)) {
      return registry.find(name, version);
    } catch (RegistryException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private byte[] fetch(ModelRef ref) throws IOException, BadModelException {
    try (ModelRegistry registry = ModelRegistry.open(kafka, models)) {
      return registry.fetch(ref);
    } catch (RegistryException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static Model decode(ModelRef ref, byte[] file) throws BadModelException {
    try {
      return ModelFile.read(file);
    } catch (ModelFileException e) {
      throw new BadModelException(
          "version " + ref.version() + " of " + ref.name() + ": " + e.getMessage(), e);
    }
  }
}
