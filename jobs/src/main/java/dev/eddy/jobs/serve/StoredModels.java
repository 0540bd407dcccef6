package dev.eddy.jobs.serve;

import dev.eddy.jobs.registry.BadModelException;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.registry.ModelStore;
import dev.eddy.model.model.Model;
import java.io.IOException;
import java.util.Optional;

/**
 * Models from the models topic, decoded once per TaskManager.
 *
 * @param store where they are fetched from
 */
public record StoredModels(ModelStore store) implements ModelProvider {

  @Override
  public Model load(ModelRef ref) throws IOException, RefusedModelException {
    try {
      return store.load(ref);
    } catch (BadModelException e) {
      throw new RefusedModelException(e.getMessage(), e);
    }
  }

  @Override
  public Optional<ModelRef> find(String name, int version) throws IOException {
    return store.find(name, version);
  }
}
