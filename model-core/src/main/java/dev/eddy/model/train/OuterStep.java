package dev.eddy.model.train;

import java.io.Serializable;

/**
 * How the round's weights w follow the average a of what the shards made of them. The difference is
 * taken for a gradient, g = w - a, and a momentum over rounds makes up for what averaging loses:
 *
 * <pre>
 * average     w = a
 * momentum    v = momentum v + g;  w = w - rate v
 * nesterov    v = momentum v + g;  w = w - rate (g + momentum v)
 * </pre>
 *
 * <p>{@code momentum} is blockwise model-update filtering (BMUF: Chen and Huo 2016), whose block
 * momentum is 1 - 1/N for N shards and whose block rate is 1. {@code nesterov} is the outer
 * optimiser of DiLoCo (Douillard et al. 2023), whose rate is 0.7 and momentum 0.9: right for
 * hundreds of rounds, while over the tens that are usual here 1 and 0.5 are better
 * (docs/decisions/0010-outer-step.md). The rate stands outside v; as it never changes, this is the
 * same as in the papers.
 *
 * <p>v is float32, computed in double.
 *
 * @param kind which of the three
 * @param rate of the outer step, above 0; 1 for {@code average}
 * @param momentum what v keeps from round to round, within [0, 1); 0 for {@code average}
 */
public record OuterStep(Kind kind, double rate, double momentum) implements Serializable {
  /** The average itself. */
  public static final OuterStep AVERAGE = new OuterStep(Kind.AVERAGE, 1, 0);

  /** Which rule. */
  public enum Kind {
    /** w = a. */
    AVERAGE,
    /** Momentum on the averaged change. */
    MOMENTUM,
    /** Nesterov's momentum on it. */
    NESTEROV
  }

  /** Checks the constants. */
  public OuterStep {
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY && momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "the outer step takes a rate above 0 and a momentum within [0, 1), got %s and %s"
              .formatted(rate, momentum));
    }
    if (kind == Kind.AVERAGE && (rate != 1 || momentum != 0)) {
      throw new IllegalArgumentException(
          "the outer step 'average' has rate 1 and no momentum, got %s and %s"
              .formatted(rate, momentum));
    }
  }

  /** The rule with its usual constants for so many shards. */
  public static OuterStep of(Kind kind, int shards) {
    return switch (kind) {
      case AVERAGE -> AVERAGE;
      case MOMENTUM -> new OuterStep(kind, 1, 1 - 1.0 / shards);
      case NESTEROV -> new OuterStep(kind, 1, 0.5);
    };
  }

  /** v before the first round: as long as the weights, or empty where there is no momentum. */
  float[] newVelocity(int weightCount) {
    return new float[kind == Kind.AVERAGE ? 0 : weightCount];
  }

  /**
   * One step.
   *
   * @param weights w before, {@code [n]}. Not modified
   * @param sums of the shards' weights times their samples, {@code [n]}. Not modified
   * @param samples of all shards
   * @param velocity v, {@code [n]}, or empty. Modified
   * @return w after
   */
  float[] apply(float[] weights, double[] sums, long samples, float[] velocity) {
    float[] next = new float[weights.length];
    for (int i = 0; i < next.length; i++) {
      double average = sums[i] / samples;
      if (kind == Kind.AVERAGE) {
        next[i] = (float) average;
        continue;
      }
      double g = weights[i] - average;
      double v = momentum * velocity[i] + g;
      velocity[i] = (float) v;
      double change = kind == Kind.NESTEROV ? g + momentum * v : v;
      next[i] = (float) (weights[i] - rate * change);
    }
    return next;
  }
}
