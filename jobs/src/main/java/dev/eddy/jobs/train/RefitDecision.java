package dev.eddy.jobs.train;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Whether the weights of a refit are published instead of those that passed the gate: unless they
 * are worse on the gate's stretch, which they, and only they, were trained on.
 *
 * @param weights what is published, {@code [n]}
 * @param text the end of the sentence that says so; empty where there was no refit
 * @param about what the provenance says of it
 */
record RefitDecision(float[] weights, String text, Map<String, String> about) {

  static RefitDecision of(TrainingRun.Outcome outcome) {
    TrainingRun.Refit refit = outcome.refit();
    if (refit == null) {
      return new RefitDecision(outcome.weights(), "", Map.of("training.refit", "none"));
    }
    double before = outcome.gate().loss();
    double after = refit.gate().loss();
    boolean taken = after <= before; // false where it is not a number
    Map<String, String> about = new LinkedHashMap<>();
    about.put("training.refit", taken ? "published" : "left aside");
    about.put("training.refit-rounds", Integer.toString(refit.progress().of()));
    about.put("training.refit-loss", number(after));
    about.put("training.gate-loss", number(before));
    return new RefitDecision(
        taken ? refit.weights() : outcome.weights(),
        "; refit on all data (%d rounds): loss %s on the gate's stretch, %s before: %s"
            .formatted(
                refit.progress().of(),
                number(after),
                number(before),
                taken
                    ? "its weights are published"
                    : "the model that passed the gate is published"),
        about);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6g", value);
  }
}
