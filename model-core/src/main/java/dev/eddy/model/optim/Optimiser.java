package dev.eddy.model.optim;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;

/**
 * How weights follow their gradients: an immutable record of constants, spelled {@code {kind:
 * {constant: value}}} in configurations and checkpoints ({@link OptimKinds}). It remembers nothing:
 * the moments, k floats for each weight, belong to the caller.
 *
 * <p>Arithmetic is float32, one weight after the other, so that the result does not depend on how
 * the weights are divided among threads or machines.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
public interface Optimiser extends Serializable {
  /** The name in configurations and checkpoints, for example {@code adam}. */
  String kind();

  /** k, the floats kept for each weight. */
  int momentsPerWeight();

  /**
   * Makes one step downhill.
   *
   * @param weights {@code [n]}. Modified
   * @param grads {@code [n]}. Not modified
   * @param moments {@code [k][n]}, zeros before the first step. Modified
   * @param step s, the number of this step since the moments were zero: 1, 2, ...
   * @param rate the learning rate of this step
   * @throws IllegalArgumentException if lengths or step do not fit
   */
  void step(float[] weights, float[] grads, float[] moments, long step, double rate);

  /** The moments before the first step. */
  default float[] newMoments(int weightCount) {
    return new float[Math.multiplyExact(momentsPerWeight(), weightCount)];
  }

  /**
   * Checks what {@link #step} was given.
   *
   * @throws IllegalArgumentException naming what was got and what is taken
   */
  default void check(float[] weights, float[] grads, float[] moments, long step) {
    int n = weights.length;
    if (grads.length != n || moments.length != (long) momentsPerWeight() * n || step < 1) {
      throw new IllegalArgumentException(
          ("%s got %d weights, %d gradients, %d moments and step %d:"
                  + " it takes n, n, %d n and a step from 1 on")
              .formatted(kind(), n, grads.length, moments.length, step, momentsPerWeight()));
    }
  }
}
