package dev.eddy.model.task.forecast;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether a trained model may be published, and why.
 *
 * @param publish whether it is published: it passed, or was forced
 * @param passed whether it beats the best baseline and the live model by their margins
 * @param text the reason, a sentence for people
 * @param metrics errors on the gate's stretch by name, the model's beside the live model's and the
 *     baselines', in the order to be printed
 */
public record GateDecision(
    boolean publish, boolean passed, String text, Map<String, Double> metrics) {
  /** Keeps a copy in the same order. */
  public GateDecision {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** A decision whose text begins with it. */
  static GateDecision of(boolean force, boolean passed, String found, Map<String, Double> metrics) {
    String start = passed ? "published: " : force ? "published by force: " : "refused: ";
    return new GateDecision(passed || force, passed, start + found, metrics);
  }
}
