package dev.eddy.model.task.forecast;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether a trained model may be published, and why.
 *
 * @param publish whether it beats the best baseline by the margin
 * @param text the reason, a sentence for people
 * @param metrics errors on the gate's stretch by name, the model's beside the baselines', in the
 *     order to be printed
 */
public record GateDecision(boolean publish, String text, Map<String, Double> metrics) {
  /** Keeps a copy in the same order. */
  public GateDecision {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
