package dev.eddy.model.optim;

import dev.eddy.model.layer.Param;
import java.io.Serializable;

/**
 * A constraint and the parameters that it is for.
 *
 * @param on whole steps of a parameter's path: {@code lstm0.U}, {@code U} or {@code lstm0}; empty
 *     for every matrix
 * @param constraint what they keep to
 */
public record Constrained(String on, Constraint constraint) implements Serializable {

  /** Checks that both are given. */
  public Constrained {
    if (on == null || constraint == null) {
      throw new IllegalArgumentException(
          "a constraint needs a path (empty for every matrix) and a kind, got '%s' and %s"
              .formatted(on, constraint));
    }
  }

  /** Whether the parameter is meant. Biases are, only if their path is spelled out. */
  boolean appliesTo(Param param) {
    if (on.isEmpty()) {
      return Regularisation.isMatrix(param);
    }
    boolean spelledOut = ("." + param.name()).endsWith("." + on);
    return param.isAt(on) && (spelledOut || Regularisation.isMatrix(param));
  }
}
