package dev.eddy.model.train;

import java.io.Serializable;

/**
 * How shards become one model again and again.
 *
 * @param localSteps optimiser steps of each shard between two averagings
 * @param moments what becomes of the optimiser's moments
 * @param outer how the weights follow the average
 */
public record Averaging(LocalSteps localSteps, Moments moments, OuterStep outer)
    implements Serializable {

  /** Weights and moments are averaged after every k steps. */
  public static Averaging every(int k) {
    return new Averaging(LocalSteps.every(k), Moments.AVERAGE, OuterStep.AVERAGE);
  }

  /** The same with other local steps. */
  public Averaging withLocalSteps(LocalSteps other) {
    return new Averaging(other, moments, outer);
  }

  /** The same with the moments treated otherwise. */
  public Averaging withMoments(Moments other) {
    return new Averaging(localSteps, other, outer);
  }

  /** The same with another outer step. */
  public Averaging withOuter(OuterStep other) {
    return new Averaging(localSteps, moments, other);
  }
}
