package dev.eddy.model.optim;

import dev.eddy.model.layer.Param;
import java.util.ArrayList;
import java.util.List;

/**
 * An {@link UpdateSpec} at work on the parameters of one network: clip, regularise, optimise,
 * constrain. Holds nothing that changes; threads share it.
 */
public final class Update {
  private final UpdateSpec spec;
  private final List<Place> matrices;
  private final List<Bound> bounds;

  /** A parameter and where it begins in the flat arrays. */
  private record Place(Param param, int at) {}

  /** A constraint on one parameter. */
  private record Bound(Constraint constraint, Place place) {}

  /**
   * An update for the parameters of a network.
   *
   * @param params in memory order
   * @throws IllegalArgumentException if a constraint names a parameter that is not there
   */
  public Update(UpdateSpec spec, List<Param> params) {
    this.spec = spec;
    List<Place> places = new ArrayList<>();
    int at = 0;
    for (Param param : params) {
      places.add(new Place(param, at));
      at += param.size();
    }
    this.matrices =
        places.stream().filter(place -> Regularisation.isMatrix(place.param())).toList();
    this.bounds = spec.constraints().stream().flatMap(c -> bounds(c, places).stream()).toList();
  }

  private static List<Bound> bounds(Constrained constrained, List<Place> places) {
    List<Bound> bounds =
        places.stream()
            .filter(place -> constrained.appliesTo(place.param()))
            .map(place -> new Bound(constrained.constraint(), place))
            .toList();
    if (bounds.isEmpty()) {
      throw new IllegalArgumentException(
          "constraint %s on '%s': no such parameter, only %s"
              .formatted(
                  constrained.constraint().kind(),
                  constrained.on(),
                  places.stream().map(place -> place.param().name()).toList()));
    }
    return bounds;
  }

  /** What it was built from. */
  public UpdateSpec spec() {
    return spec;
  }

  /** The rate of one step; steps count from 0. */
  public double rate(long step, double[] scheduleState) {
    return spec.schedule().rate(spec.learningRate(), step, scheduleState);
  }

  /**
   * Changes the weights by a gradient. Where the gradient is not finite nothing but the gradient
   * changes.
   *
   * @param weights {@code [n]}. Modified
   * @param grads {@code [n]}; what they hold afterwards means nothing. Modified
   * @param moments {@code [k][n]}. Modified
   * @param scheduleState of the schedule. Not modified
   * @param step the number of steps made before: 0, 1, ...
   * @param age of these, how many the moments have seen: fewer where they began afresh since
   * @return the gradient's norm before it was clipped: not finite if a gradient was not
   */
  public double apply(
      float[] weights,
      float[] grads,
      float[] moments,
      double[] scheduleState,
      long step,
      long age) {
    double norm = GradientClip.byNorm(grads, spec.clipNorm());
    if (!Double.isFinite(norm)) {
      return norm;
    }
    if (spec.clipValue() < Double.POSITIVE_INFINITY) {
      GradientClip.byValue(grads, spec.clipValue());
    }
    double rate = rate(step, scheduleState);
    for (Place place : matrices) {
      int end = place.at() + place.param().size();
      spec.regularisation().addTo(grads, weights, place.at(), end);
      spec.regularisation().decay(weights, place.at(), end, rate);
    }
    spec.optimiser().step(weights, grads, moments, age + 1, rate);
    for (Bound bound : bounds) {
      Param param = bound.place().param();
      bound.constraint().apply(weights, bound.place().at(), param.rows(), param.columns());
    }
    return norm;
  }
}
