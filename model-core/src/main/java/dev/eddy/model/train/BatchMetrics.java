package dev.eddy.model.train;

import dev.eddy.model.seq.Bundle;
import java.util.List;

/**
 * What is measured on validation data beside the loss, as quotients of two sums (hits and cases,
 * for an accuracy), so that blocks can be added up.
 */
public interface BatchMetrics {
  /** Nothing beside the loss. */
  BatchMetrics NONE =
      new BatchMetrics() {
        @Override
        public List<String> names() {
          return List.of();
        }

        @Override
        public void add(Bundle output, Bundle target, double[] sums) {}
      };

  /** The names of the metrics, in the field's usual spelling ({@code accuracy}, {@code mae}). */
  List<String> names();

  /**
   * Adds a block of rows. Called in the order of the blocks, but by several threads on arrays of
   * their own.
   *
   * @param output of the network, with lengths and mask. Not modified
   * @param target Not modified
   * @param sums for metric i: what it counts at 2 i, out of how much at 2 i + 1. Modified
   */
  void add(Bundle output, Bundle target, double[] sums);
}
