package dev.eddy.model.train;

import java.io.Serializable;
import java.util.function.IntUnaryOperator;

/**
 * When shards are averaged: the optimiser steps that each makes in round r,
 *
 * <pre>
 * k(r) = min(most, round(first * factor^r))
 * </pre>
 *
 * <p>the same number in every round where the factor is 1. Averaging often at first and seldom
 * later spends communication where weights still move far, as post-local SGD does in a single step
 * (Lin et al. 2020).
 *
 * <p>Steps of an epoch are not known before the data: {@link #everyEpoch} stands for them until
 * {@link TrainingSpec#resolved}.
 *
 * @param first k(0); 0 for an epoch
 * @param factor growth from round to round: 1 for none, else 1.01 to 100
 * @param most k never exceeds this
 */
public record LocalSteps(int first, double factor, int most) implements Serializable {
  /** Steps that an epoch counts while it is not known how many it has. */
  private static final int NOMINAL = 1000;

  /** Checks every value. */
  public LocalSteps {
    boolean epoch = first == 0 && factor == 1 && most == 0;
    boolean constant = first >= 1 && factor == 1 && most == first;
    boolean growing = first >= 1 && factor >= 1.01 && factor <= 100 && most >= first;
    if (!epoch && !constant && !growing) {
      throw new IllegalArgumentException(
          ("localSteps must be at least 1, and where they grow have a factor from 1.01 to 100 and at"
                  + " most no fewer than at first; got first %d, factor %s, most %d")
              .formatted(first, factor, most));
    }
  }

  /** Averages after every k steps. */
  public static LocalSteps every(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("localSteps must be at least 1, got " + k);
    }
    return new LocalSteps(k, 1, k);
  }

  /** Averages when the shards have seen their data once, in the mean. */
  public static LocalSteps everyEpoch() {
    return new LocalSteps(0, 1, 0);
  }

  /** Averages ever more seldom. */
  public static LocalSteps growing(int first, double factor, int most) {
    return new LocalSteps(first, factor, most);
  }

  /** Whether the number of steps is known. */
  public boolean known() {
    return first > 0;
  }

  /** k of a round; 1,000 for an epoch while that is not known. */
  public int in(int round) {
    if (!known()) {
      return NOMINAL;
    }
    if (factor == 1) {
      return first;
    }
    return (int) Math.min(most, Math.rint(first * StrictMath.pow(factor, round)));
  }

  /** Steps of all rounds before a round. */
  public long before(int round) {
    return sum(round, k -> k);
  }

  /** The sum of a function of k over all rounds before a round. */
  long sum(int rounds, IntUnaryOperator of) {
    long sum = 0;
    int round = 0;
    while (round < rounds && known() && in(round) < most) {
      sum += of.applyAsInt(in(round++));
    }
    return round == rounds ? sum : sum + (long) (rounds - round) * of.applyAsInt(in(round));
  }

  /** As in a configuration. */
  @Override
  public String toString() {
    if (!known()) {
      return "epoch";
    }
    return factor == 1
        ? Integer.toString(first)
        : "{first: %d, factor: %s, most: %d}".formatted(first, factor, most);
  }
}
