package dev.eddy.jobs.serve;

import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.model.model.Model;
import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;

/** Where the step operator gets models from. Travels with the job to every TaskManager. */
public interface ModelProvider extends Serializable {
  /**
   * The model behind a reference.
   *
   * @throws IOException if it cannot be fetched now; the job fails over and tries again
   * @throws RefusedModelException if what is there is not what the reference promises, or is no
   *     model
   */
  Model load(ModelRef ref) throws IOException, RefusedModelException;

  /**
   * Looks up a version whose manifest this job has not seen: a rollback to something published
   * before the job started. The swap epoch of the result is 0.
   *
   * @throws IOException if it cannot be looked up now
   */
  Optional<ModelRef> find(String name, int version) throws IOException;
}
