package dev.eddy.model.task.forecast;

/**
 * What a model must do to be published.
 *
 * @param margin share by which it must beat the best baseline
 * @param liveMargin share by which it must beat the live model, where that is compared
 * @param live what the decision calls the live model ({@code version 3}); where it is not compared,
 *     the sentence that says why; null where none is live
 * @param force whether it is published though it does not: anything but a model whose error is not
 *     a number
 */
public record GateRules(double margin, double liveMargin, String live, boolean force) {

  /** Rules where no model is live and nothing is forced. */
  public static GateRules margin(double margin) {
    return new GateRules(margin, 0, null, false);
  }
}
