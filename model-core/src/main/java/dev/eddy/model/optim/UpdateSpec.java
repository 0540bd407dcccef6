package dev.eddy.model.optim;

import java.io.Serializable;
import java.util.List;

/**
 * How a gradient becomes a change of the weights; {@link Update} does it. Part of what a run's
 * result depends on.
 *
 * @param optimiser the rule
 * @param learningRate the base rate, above 0
 * @param schedule what shapes the rate along the run
 * @param clipNorm gradients are scaled down to this Euclidean norm; infinite for no limit
 * @param clipValue then each is cut to this magnitude; infinite for no limit
 * @param regularisation what pulls weights towards zero
 * @param constraints what parameters keep to after every step, applied in this order
 */
public record UpdateSpec(
    Optimiser optimiser,
    double learningRate,
    Schedule schedule,
    double clipNorm,
    double clipValue,
    Regularisation regularisation,
    List<Constrained> constraints)
    implements Serializable {

  /**
   * Checks every value and keeps a copy of the list.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public UpdateSpec {
    if (optimiser == null || schedule == null || regularisation == null || constraints == null) {
      throw new IllegalArgumentException(
          ("an update needs an optimiser, a schedule, a regularisation and a list of constraints,"
                  + " got %s, %s, %s, %s")
              .formatted(optimiser, schedule, regularisation, constraints));
    }
    Checks.positive("update", "learningRate", learningRate);
    String above = "above 0 (infinite for no limit)";
    Checks.check(clipNorm > 0, "update", "clipNorm", above, clipNorm);
    Checks.check(clipValue > 0, "update", "clipValue", above, clipValue);
    constraints = List.copyOf(constraints);
  }

  /** An optimiser at a constant rate, its gradients clipped to norm 1. */
  public static UpdateSpec of(Optimiser optimiser, double learningRate) {
    return new UpdateSpec(
        optimiser,
        learningRate,
        new Constant(),
        1,
        Double.POSITIVE_INFINITY,
        Regularisation.NONE,
        List.of());
  }

  /** The same with another rule. */
  public UpdateSpec withOptimiser(Optimiser other) {
    return new UpdateSpec(
        other, learningRate, schedule, clipNorm, clipValue, regularisation, constraints);
  }

  /** The same with another schedule. */
  public UpdateSpec withSchedule(Schedule other) {
    return new UpdateSpec(
        optimiser, learningRate, other, clipNorm, clipValue, regularisation, constraints);
  }

  /** The same with other limits for the gradients; infinite for none. */
  public UpdateSpec withClip(double norm, double value) {
    return new UpdateSpec(
        optimiser, learningRate, schedule, norm, value, regularisation, constraints);
  }

  /** The same with another pull towards zero. */
  public UpdateSpec withRegularisation(Regularisation other) {
    return new UpdateSpec(
        optimiser, learningRate, schedule, clipNorm, clipValue, other, constraints);
  }

  /** The same with other constraints. */
  public UpdateSpec withConstraints(List<Constrained> others) {
    return new UpdateSpec(
        optimiser, learningRate, schedule, clipNorm, clipValue, regularisation, others);
  }
}
