package dev.eddy.model.train;

import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;

/**
 * One long sequence, encoded, that a trainer walks over: what a task hands to training. Immutable
 * and cheap to view: encoding happened before.
 */
public interface TrainingSeries {
  /** A name that sorts the series of a run the same way everywhere (the entity). */
  String name();

  /** Steps in the series. */
  int length();

  /** The widths of the input parts. */
  Shape input();

  /** Floats in a step's target. */
  int targetWidth();

  /**
   * Writes the input of step t into row (t', b) of every float part of the bundle. into: Modified.
   */
  void input(int t, Bundle into, int row, int b);

  /**
   * Writes the target of step t; NaN where it is not known, which is never learned from. into:
   * Modified.
   */
  void target(int t, float[] into, int offset);
}
