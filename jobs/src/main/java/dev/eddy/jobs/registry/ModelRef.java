package dev.eddy.jobs.registry;

import java.io.Serializable;

/**
 * A live model: what broadcast state and the job's arguments hold instead of the model's bytes.
 *
 * @param name the pipeline's name
 * @param version immutable version, 1, 2, ...
 * @param swapEpoch rises with every change of the pointer; the version may fall (rollback)
 * @param sha256 hex of the model file
 * @param size bytes of the model file
 * @param partition partition of {@code eddy.models} that holds the manifest
 * @param offset offset of the manifest there
 */
public record ModelRef(
    String name, int version, long swapEpoch, String sha256, int size, int partition, long offset)
    implements Serializable {

  /** The same model, live since another change of the pointer. */
  public ModelRef withEpoch(long epoch) {
    return new ModelRef(name, version, epoch, sha256, size, partition, offset);
  }
}
