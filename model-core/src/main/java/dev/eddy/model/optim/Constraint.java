package dev.eddy.model.optim;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;

/**
 * What a weight matrix must keep to after every step: an immutable record, spelled {@code {kind:
 * {parameter: value}}}. Norms are those of a column, the weights by which one unit reads its
 * inputs.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
public interface Constraint extends Serializable {
  /** The name in configurations and checkpoints, for example {@code max-norm}. */
  String kind();

  /**
   * Changes the weights as little as it takes.
   *
   * @param weights {@code [rows][columns]} from {@code offset}. Modified
   */
  void apply(float[] weights, int offset, int rows, int columns);
}
